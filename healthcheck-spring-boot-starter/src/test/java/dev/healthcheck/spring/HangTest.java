package dev.healthcheck.spring;

import static dev.healthcheck.spring.Contexts.endpoint;
import static dev.healthcheck.testkit.Patience.assertAnsweredWithin;
import static dev.healthcheck.testkit.Patience.assertOnceWithin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.HealthCheckRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.CompositeReactiveHealthContributor;
import org.springframework.boot.health.contributor.ReactiveHealthContributor;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.publisher.Mono;

@Tag("slow")
class HangTest {
    private static final Duration BUDGET = Duration.ofMillis(900);

    private static final Duration AT_ONCE = Duration.ofMillis(150);

    private final List<HangingIndicator> hanging =
            IntStream.range(0, 10).mapToObj(i -> new HangingIndicator()).toList();

    @AfterEach
    void release() {
        hanging.forEach(indicator -> indicator.hang.release());
    }

    private ApplicationContextRunner tenThatHang(String... properties) {
        ApplicationContextRunner runner = Contexts.actuator();
        for (int i = 0; i < 10; i++) {
            HangingIndicator indicator = hanging.get(i);
            runner = runner.withBean("hang" + i, HangingIndicator.class, () -> indicator);
            for (String property : properties) {
                runner = runner.withPropertyValues("healthcheck.checks.hang" + i + "." + property);
            }
        }
        return runner.withBean("well", Switch.class, Switch::new);
    }

    @Test
    void ten_indicators_that_hang_cost_one_deadline_and_then_nothing() {
        tenThatHang().run(context -> {
            HealthDescriptor first =
                    assertAnsweredWithin(BUDGET, () -> endpoint(context).health());
            assertThat(first.getStatus()).isEqualTo(Status.DOWN);
            assertThat(((CompositeHealthDescriptor) first).getComponents()).hasSize(13);
            assertThat(((CompositeHealthDescriptor) first)
                            .getComponents()
                            .get("well")
                            .getStatus())
                    .isEqualTo(Status.UP);

            assertOnceWithin(
                    AT_ONCE,
                    () -> assertThat(endpoint(context).health().getStatus()).isEqualTo(Status.DOWN));
        });
    }

    @Test
    void ten_that_hang_and_are_not_cached_cost_one_deadline() {
        tenThatHang("cache-for=0s").run(context -> {
            assertAnsweredWithin(BUDGET, () -> endpoint(context).health());
            assertOnceWithin(
                    AT_ONCE,
                    () -> assertThat(endpoint(context).health().getStatus()).isEqualTo(Status.DOWN));
        });
    }

    /** Ten answer budgets would be 9 s. */
    @Test
    void ten_that_hang_in_their_first_scheduled_run_share_one_answer_budget() {
        tenThatHang("every=20s", "timeout=15s")
                .run(context ->
                        assertAnsweredWithin(BUDGET, () -> endpoint(context).health()));
    }

    @Test
    void two_hundred_probes_of_ones_that_hang_cost_no_more_threads_than_one() {
        tenThatHang().run(context -> {
            assertAnsweredWithin(BUDGET, () -> endpoint(context).health());
            long before = threadsOfChecks();

            Callable<HealthDescriptor> question = () -> endpoint(context).health();
            ExecutorService probers = Executors.newFixedThreadPool(20);
            try {
                List<Future<HealthDescriptor>> answers = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    answers.add(probers.submit(question));
                }
                for (Future<HealthDescriptor> answer : answers) {
                    assertThat(answer.get().getStatus()).isEqualTo(Status.DOWN);
                }
            } finally {
                probers.shutdownNow();
            }

            assertThat(threadsOfChecks()).isLessThanOrEqualTo(before + 10);
            hanging.forEach(indicator -> assertThat(indicator.hang.runs).hasValueLessThanOrEqualTo(3));
        });
    }

    private static long threadsOfChecks() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("healthcheck"))
                .count();
    }

    @Test
    void what_hangs_is_not_interrupted() {
        tenThatHang().run(context -> {
            endpoint(context).health();

            hanging.forEach(indicator -> assertThat(indicator.hang.interrupts).hasValue(0));
        });
    }

    @Test
    void a_reactive_indicator_that_never_answers_costs_one_deadline() {
        ReactiveHealthIndicator never = Mono::never;

        Contexts.actuator()
                .withBean("never", ReactiveHealthIndicator.class, () -> never)
                .run(context -> {
                    assertThat(context.getBean(HealthCheckRegistry.class).names())
                            .contains("never");
                    HealthDescriptor answer =
                            assertAnsweredWithin(BUDGET, () -> endpoint(context).health());
                    assertThat(answer.getStatus()).isEqualTo(Status.DOWN);
                });
    }

    @Test
    void an_indicator_that_blocks_behind_an_adapter_of_Spring_is_not_interrupted() {
        Contexts.actuator()
                .withBean(
                        "adapted",
                        ReactiveHealthContributor.class,
                        () -> ReactiveHealthContributor.adapt(hanging.get(0)))
                .withBean(
                        "composite",
                        CompositeReactiveHealthContributor.class,
                        () -> (CompositeReactiveHealthContributor) ReactiveHealthContributor.adapt(
                                CompositeHealthContributor.fromMap(Map.of("child", hanging.get(1)))))
                .run(context -> {
                    HealthDescriptor answer =
                            assertAnsweredWithin(BUDGET, () -> endpoint(context).health());

                    assertThat(answer.getStatus()).isEqualTo(Status.DOWN);
                    release();
                    await().untilAsserted(() ->
                            assertThat(endpoint(context).health().getStatus()).isEqualTo(Status.UP));
                    assertThat(hanging.get(0).hang.interrupts).hasValue(0);
                    assertThat(hanging.get(1).hang.interrupts).hasValue(0);
                });
    }
}
