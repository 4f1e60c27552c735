package dev.healthcheck.spring;

import static dev.healthcheck.spring.Contexts.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.healthcheck.testkit.CapturedLog;
import java.util.List;
import java.util.stream.Stream;
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
        volatile boolean isWell;

        @Override
        protected void doHealthCheck(Health.Builder builder) {
            if (!isWell) {
                throw new IllegalStateException("no route");
            }
            builder.up();
        }
    }

    private static final class FailingReactive extends AbstractReactiveHealthIndicator {

        @Override
        protected Mono<Health> doHealthCheck(Health.Builder builder) {
            return Mono.error(new IllegalStateException("no route"));
        }
    }
}
