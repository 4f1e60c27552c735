package dev.healthcheck.spring;

import static dev.healthcheck.spring.Contexts.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.testkit.CapturedLog;
import dev.healthcheck.testkit.Patience;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.AbstractReactiveHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.publisher.Mono;

@Tag("slow")
class OneStackTest {
    private final Translation translation = new Translation(() -> null, "DEGRADED");
    private final OneStack stacks = new OneStack(LoggingSystem.get(getClass().getClassLoader()));
    private final HealthCheckRegistry registry = Patience.builder().build();
    private final Bridge bridge =
            new Bridge(registry, OwnChecks.shown(registry), new SettingsByName(Map.of()), translation, stacks);

    @AfterEach
    void close() {
        bridge.close();
        registry.close();
        ((ch.qos.logback.classic.Logger) LoggerFactory.getLogger(Failing.class)).setLevel(null);
        ((ch.qos.logback.classic.Logger) LoggerFactory.getLogger(Saying.class)).setLevel(null);
    }

    @Test
    void a_hundred_failing_runs_log_one_stack_and_one_line() {
        Failing failing = new Failing();
        Contexts.patient()
                .withBean(
                        LoggingSystem.class, () -> LoggingSystem.get(getClass().getClassLoader()))
                .withPropertyValues("healthcheck.checks.mine.cache-for=0s")
                .withBean("mine", Failing.class, () -> failing)
                .run(context -> {
                    failing.isWell = true;
                    endpoint(context).healthForPath("mine");
                    failing.isWell = false;
                    try (CapturedLog log = new CapturedLog()) {
                        for (int i = 0; i < 100; i++) {
                            assertThat(endpoint(context).healthForPath("mine").getStatus())
                                    .isEqualTo(Status.DOWN);
                        }
                        await().untilAsserted(() -> assertThat(changes(log)).hasSize(1));
                        assertThat(changes(log).get(0)).contains("no route");
                        assertThat(stacks(log)).hasSize(1);

                        failing.isWell = true;
                        assertThat(endpoint(context).healthForPath("mine").getStatus())
                                .isEqualTo(Status.UP);
                        assertThat(levelOf(Failing.class)).isNull();

                        failing.isWell = false;
                        endpoint(context).healthForPath("mine");
                        assertThat(stacks(log)).as("a new outage has its stack").hasSize(2);
                    }
                });
        assertThat(levelOf(Failing.class)).as("when the context is closed").isNull();
    }

    @Test
    void a_reactive_indicator_logs_one_stack() {
        assertOneStack(Contexts.patient().withBean("mine", FailingReactive.class, FailingReactive::new));
    }

    private static void assertOneStack(ApplicationContextRunner runner) {
        runner.withBean(LoggingSystem.class, () -> LoggingSystem.get(OneStackTest.class.getClassLoader()))
                .withPropertyValues("healthcheck.checks.mine.cache-for=0s")
                .run(context -> {
                    try (CapturedLog log = new CapturedLog()) {
                        for (int i = 0; i < 10; i++) {
                            endpoint(context).healthForPath("mine");
                        }
                        assertThat(stacks(log)).hasSize(1);
                    }
                });
    }

    @Test
    void a_level_of_the_application_stays() {
        ch.qos.logback.classic.Logger logger = (ch.qos.logback.classic.Logger) LoggerFactory.getLogger(Failing.class);
        logger.setLevel(Level.INFO);
        try {
            Contexts.patient()
                    .withBean(
                            LoggingSystem.class,
                            () -> LoggingSystem.get(getClass().getClassLoader()))
                    .withBean("mine", Failing.class, Failing::new)
                    .run(context -> {
                        endpoint(context).healthForPath("mine");
                        assertThat(levelOf(Failing.class)).isEqualTo(Level.INFO);
                    });
        } finally {
            logger.setLevel(null);
        }
    }

    @Test
    void only_what_the_base_class_has_logged_silences_a_class() throws Exception {
        check(new Saying(Health.up().withDetail("error", "0 of 5 replicas"))).check();
        assertThat(levelOf(Saying.class)).as("an indicator that is well").isNull();

        check(new Saying(Health.down().withDetail("error", "Replicas: 3 of 5"))).check();
        assertThat(levelOf(Saying.class)).as("a detail of the indicator's own").isNull();

        check(new Saying(Health.down().withDetail("error", 5))).check();
        assertThat(levelOf(Saying.class)).as("a number").isNull();
    }

    @Test
    void a_run_that_ends_after_its_check_is_forgotten_silences_nothing() throws Exception {
        IndicatorCheck check = check(new Failing());
        bridge.register(Bridge.Kind.BLOCKING, "mine", (translation, stacks) -> check);
        check.check();
        assertThat(levelOf(Failing.class)).isEqualTo(Level.ERROR);

        bridge.forget(Bridge.Kind.BLOCKING, "mine");
        assertThat(levelOf(Failing.class)).isNull();
        check.check();
        assertThat(levelOf(Failing.class)).isNull();
    }

    @Test
    void a_run_that_ends_after_the_context_is_closed_silences_nothing() throws Exception {
        IndicatorCheck check = check(new Failing());
        check.check();
        assertThat(levelOf(Failing.class)).isEqualTo(Level.ERROR);

        bridge.close();
        assertThat(levelOf(Failing.class)).isNull();
        check.check();
        assertThat(levelOf(Failing.class)).isNull();
    }

    @Test
    void each_of_two_indicators_of_one_class_has_its_stack() throws Exception {
        Failing second = new Failing("disk full");
        IndicatorCheck first = check(new Failing("no route"));
        IndicatorCheck other = check(second);
        second.isWell = true;
        try (CapturedLog log = new CapturedLog()) {
            first.check();
            other.check();
            second.isWell = false;
            for (int i = 0; i < 10; i++) {
                first.check();
                other.check();
            }
            assertThat(causes(log)).contains("no route", "disk full").hasSizeBetween(2, 3);

            second.isWell = true;
            other.check();
            assertThat(levelOf(Failing.class)).as("the first still fails").isEqualTo(Level.ERROR);
        }
    }

    @Test
    void a_logging_system_without_levels_harms_no_verdict() throws Exception {
        LoggingSystem without = new LoggingSystem() {
            @Override
            public void beforeInitialize() {
                // it has nothing to prepare
            }
        };
        IndicatorCheck check = new IndicatorCheck(Failing::new, translation, new OneStack(without));

        assertThat(check.check().message()).contains("no route");
        assertThat(check.check().message()).contains("no route");
    }

    private IndicatorCheck check(AbstractHealthIndicator indicator) {
        return new IndicatorCheck(() -> indicator, translation, stacks);
    }

    private static List<String> causes(CapturedLog log) {
        return log.lines.stream()
                .filter(line -> line.getThrowableProxy() != null)
                .map(line -> line.getThrowableProxy().getMessage())
                .toList();
    }

    private static Level levelOf(Class<?> indicator) {
        return ((ch.qos.logback.classic.Logger) LoggerFactory.getLogger(indicator)).getLevel();
    }

    private static List<String> changes(CapturedLog log) {
        return messages(log, line -> line.getFormattedMessage().startsWith("mine is DOWN"));
    }

    private static List<String> stacks(CapturedLog log) {
        return messages(log, line -> line.getThrowableProxy() != null);
    }

    private static List<String> messages(CapturedLog log, java.util.function.Predicate<ILoggingEvent> condition) {
        Stream<ILoggingEvent> lines = log.lines.stream();
        return lines.filter(condition).map(ILoggingEvent::getFormattedMessage).toList();
    }

    private static final class Failing extends AbstractHealthIndicator {
        private final String cause;
        volatile boolean isWell;

        Failing() {
            this("no route");
        }

        Failing(String cause) {
            this.cause = cause;
        }

        @Override
        protected void doHealthCheck(Health.Builder builder) {
            if (!isWell) {
                throw new IllegalStateException(cause);
            }
            builder.up();
        }
    }

    private static final class Saying extends AbstractHealthIndicator {
        private final Health says;

        Saying(Health.Builder says) {
            this.says = says.build();
        }

        @Override
        protected void doHealthCheck(Health.Builder builder) {
            builder.status(says.getStatus()).withDetails(says.getDetails());
        }
    }

    private static final class FailingReactive extends AbstractReactiveHealthIndicator {

        @Override
        protected Mono<Health> doHealthCheck(Health.Builder builder) {
            return Mono.error(new IllegalStateException("no route"));
        }
    }
}
