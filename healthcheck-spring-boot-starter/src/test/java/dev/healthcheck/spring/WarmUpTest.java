package dev.healthcheck.spring;

import static dev.healthcheck.testkit.Patience.assertAnsweredWithin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.healthcheck.CheckReport;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Probe;
import dev.healthcheck.Status;
import dev.healthcheck.testkit.CapturedLog;
import dev.healthcheck.testkit.Hang;
import dev.healthcheck.testkit.Patience;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.support.StaticApplicationContext;

@Tag("slow")
class WarmUpTest {
    private static final Duration UNREACHED = Duration.ofMinutes(10);
    private static final ApplicationContext WITH_SERVER = new ServletWebServerApplicationContext();

    private final CountDownLatch never = new CountDownLatch(1);
    private final Hang hang = new Hang();
    private final HealthCheckRegistry registry = HealthCheckRegistry.builder()
            .answerWithin(Duration.ofMillis(400))
            .defaults(o -> o.timeout(Duration.ofMillis(300)))
            .build();

    @AfterEach
    void end() {
        hang.release();
        registry.close();
    }

    private void warmUp(Duration atMost) {
        new WarmUp(registry, WITH_SERVER, atMost).start();
    }

    @Test
    void it_waits_for_a_run_that_is_overdue_and_asks_again() {
        AtomicInteger runs = new AtomicInteger();
        registry.register("cold", () -> {
            if (runs.incrementAndGet() == 1) {
                await().until(() -> registry.latest("cold")
                        .map(CheckReport::reason)
                        .orElse("")
                        .equals("stuck"));
            }
            return CheckResult.up();
        });

        warmUp(UNREACHED);

        assertThat(registry.latest("cold").orElseThrow().status()).isEqualTo(Status.UP);
    }

    @Test
    void it_waits_for_a_check_that_gives_up_shortly_before_its_deadline() {
        AtomicInteger runs = new AtomicInteger();
        registry.register("pool", () -> {
            boolean isOpen = runs.incrementAndGet() > 1 || never.await(200, TimeUnit.MILLISECONDS);
            return isOpen ? CheckResult.up() : CheckResult.down("no connection yet");
        });

        warmUp(UNREACHED);

        assertThat(registry.latest("pool").orElseThrow().status()).isEqualTo(Status.UP);
    }

    @Test
    void it_ends_in_time_and_names_what_is_still_slow() {
        registry.register("hang", hang);
        registry.register("well", CheckResult::up);

        try (CapturedLog log = new CapturedLog()) {
            assertAnsweredWithin(Duration.ofSeconds(1), timed(() -> warmUp(Duration.ofSeconds(1))));

            assertThat(log.messages()).contains("The web server starts although these checks are still slow: [hang]");
            assertThat(log.lines(Level.WARN)).isEmpty();
        }
    }

    @Test
    void it_does_not_name_what_has_answered_although_the_wait_ends_before_the_question() {
        try (HealthCheckRegistry patient = Patience.builder().build();
                CapturedLog log = new CapturedLog()) {
            patient.register("hang", hang);
            patient.register("well", CheckResult::up, o -> o.cacheFor(UNREACHED));
            assertThat(patient.check("well").orElseThrow().status()).isEqualTo(Status.UP);

            new WarmUp(patient, WITH_SERVER, Duration.ofMillis(50)).start();

            assertThat(log.messages()).contains("The web server starts although these checks are still slow: [hang]");
            hang.release();
        }
    }

    private static Duration timed(Runnable task) {
        long begin = System.nanoTime();
        task.run();
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    @Test
    void a_check_that_says_at_once_that_it_is_down_holds_nothing_up() {
        AtomicInteger runs = new AtomicInteger();
        try (HealthCheckRegistry patient = Patience.builder().build()) { // or a busy machine makes the run a slow one
            patient.register("honest", () -> {
                runs.incrementAndGet();
                return CheckResult.down("connection refused");
            });

            new WarmUp(patient, WITH_SERVER, UNREACHED).start();
        }

        assertThat(runs).hasValue(1);
    }

    @Test
    void a_check_that_is_not_required_holds_nothing_up() {
        registry.register("hang", hang, o -> o.optional());

        warmUp(UNREACHED);

        assertThat(hang.runs).hasValue(1);
    }

    @Test
    void a_context_without_a_web_server_does_not_ask() {
        registry.register("hang", hang);

        new WarmUp(registry, new StaticApplicationContext(), UNREACHED).start();

        assertThat(hang.runs).hasValue(0);
    }

    @Test
    void zero_turns_it_off() {
        registry.register("hang", hang);

        warmUp(Duration.ZERO);

        assertThat(hang.runs).hasValue(0);
    }

    @Test
    void an_interrupt_ends_it() {
        registry.register("hang", hang);
        Thread.currentThread().interrupt();

        warmUp(UNREACHED);

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void nobody_outside_has_asked() {
        registry.register("well", CheckResult::up);

        warmUp(UNREACHED);

        assertThat(registry.lastAsked(Probe.READINESS)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"SERVLET, 900", "SERVLET, 2000", "REACTIVE, 2000"})
    void no_prober_meets_a_first_run_that_is_slow(WebApplicationType type, int millis) throws Exception {
        CapturedLog[] log = new CapturedLog[1];
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                .web(type)
                .properties("server.port=0", "spring.main.banner-mode=off", "first-run-takes=" + millis)
                .initializers(any -> log[0] = new CapturedLog()) // after Spring has set up the log
                .run()) {
            int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
            HttpRequest question = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/actuator/health"))
                    .build();

            assertThat(HttpClient.newHttpClient()
                            .send(question, BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(200);
            assertThat(context.getBean(Cold.class).runs).hasValueGreaterThanOrEqualTo(2);
            assertThat(log[0].lines(Level.WARN)).isEmpty();
        } finally {
            log[0].close();
        }
    }

    @Test
    void an_application_needs_no_web_server() {
        Contexts.actuator()
                .withClassLoader(new FilteredClassLoader("org.springframework.boot.web.server"))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("healthcheckWarmUp"));
    }

    @Test
    void a_negative_time_stops_the_start() {
        Contexts.actuator()
                .withPropertyValues("healthcheck.warm-up-at-most=-1s")
                .run(context -> {
                    FailureAnalysis analysis =
                            new InvalidSettingsFailureAnalyzer().analyze(context.getStartupFailure());
                    assertThat(analysis.getDescription())
                            .isEqualTo("healthcheck.warm-up-at-most: PT-1S (expected: >= 0)");
                });
    }

    /** An indicator whose first run opens connections, so to speak. */
    private static final class Cold implements HealthIndicator {
        final AtomicInteger runs = new AtomicInteger();
        private final Duration first;

        Cold(Duration first) {
            this.first = first;
        }

        @Override
        public Health health() {
            if (runs.incrementAndGet() == 1) {
                await().pollDelay(first).until(() -> true);
            }
            return Health.up().build();
        }
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Application {
        @Bean
        Cold coldHealthIndicator(@Value("${first-run-takes}") long millis) {
            return new Cold(Duration.ofMillis(millis));
        }
    }
}
