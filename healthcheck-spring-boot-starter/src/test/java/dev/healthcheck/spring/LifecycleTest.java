package dev.healthcheck.spring;

import static dev.healthcheck.spring.Contexts.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Probe;
import dev.healthcheck.testkit.CapturedLog;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.Lifecycle;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ApplicationEventMulticaster;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.SimpleApplicationEventMulticaster;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

@Tag("slow")
class LifecycleTest {

    /** Returns an application that waits for an hour when it stops, unless one answer after the first second said so. */
    private static ApplicationContextRunner patient() {
        return Contexts.patient()
                .withPropertyValues(
                        "management.health.readinessstate.enabled=true",
                        "spring.lifecycle.timeout-per-shutdown-phase=1h",
                        "healthcheck.drain.reports=1",
                        "healthcheck.drain.at-least=0s",
                        "healthcheck.drain.at-most=1h");
    }

    private static void accept(ConfigurableApplicationContext context) {
        AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
    }

    private static Status readiness(ConfigurableApplicationContext context) {
        return endpoint(context).healthForPath("readinessState").getStatus();
    }

    /** A prober asks more than once. */
    private static void probe(ConfigurableApplicationContext context) {
        HealthCheckRegistry registry = context.getBean(HealthCheckRegistry.class);
        await().untilAsserted(() -> {
            readiness(context);
            assertThat(registry.lastAsked(Probe.READINESS)).isPresent();
        });
    }

    private static HealthCheckRegistry registry(ConfigurableApplicationContext context) {
        return context.getBean(HealthCheckRegistry.class);
    }

    private static CompletableFuture<Void> close(ConfigurableApplicationContext context) {
        return CompletableFuture.runAsync(context::close);
    }

    private static String reason(HealthCheckRegistry registry) {
        return registry.latest(Probe.READINESS).reason();
    }

    @Test
    void a_context_that_closes_waits_until_a_prober_has_seen_it() {
        patient().run(context -> {
            accept(context);
            probe(context);
            assertThat(readiness(context)).isEqualTo(Status.UP);
            HealthCheckRegistry registry = registry(context);

            CompletableFuture<Void> closed = close(context);
            await().untilAsserted(() -> assertThat(reason(registry)).isEqualTo("draining"));
            assertThat(context.getBean(ApplicationAvailability.class).getReadinessState())
                    .isEqualTo(ReadinessState.REFUSING_TRAFFIC);
            assertThat(closed).isNotDone();
            assertThat(readiness(context)).isEqualTo(Status.OUT_OF_SERVICE);

            assertThat(closed).succeedsWithin(Duration.ofSeconds(30));
            assertThat(reason(registry)).isEqualTo("closed");
        });
    }

    @Test
    void the_shortest_wait_holds_however_often_somebody_asks() {
        patient().withPropertyValues("healthcheck.drain.at-least=1s").run(context -> {
            accept(context);
            probe(context);
            HealthCheckRegistry registry = registry(context);
            long begin = System.nanoTime();

            CompletableFuture<Void> closed = close(context);
            await().untilAsserted(() -> assertThat(reason(registry)).isEqualTo("draining"));
            readiness(context);

            assertThat(closed).succeedsWithin(Duration.ofSeconds(30));
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        });
    }

    /** The container has closed its port, or sends no requests any more, when it ends the application. */
    @Test
    void an_application_in_the_container_of_others_closes_at_once() {
        new WebApplicationContextRunner(WebApplicationContextRunner.withMockServletContext(
                        AnnotationConfigServletWebServerApplicationContext::new))
                .withConfiguration(
                        AutoConfigurations.of(HealthcheckAutoConfiguration.class, LifecycleAutoConfiguration.class))
                .withPropertyValues("spring.lifecycle.timeout-per-shutdown-phase=1h", "healthcheck.drain.at-most=1h")
                .run(context -> {
                    HealthCheckRegistry registry = registry(context);
                    accept(context);
                    registry.check(Probe.READINESS);
                    AtomicBoolean hasDrained = new AtomicBoolean();
                    context.addApplicationListener(
                            (ContextClosedEvent event) -> hasDrained.set("draining".equals(reason(registry))));

                    context.close();

                    assertThat(hasDrained).isTrue();
                });
    }

    /** An event makes Spring look for listeners, and this module has one. */
    @Test
    void the_registry_may_depend_on_a_bean_that_publishes_an_event_early() {
        Contexts.actuator().withUserConfiguration(OwnRegistry.class).run(context -> {
            assertThat(context).hasNotFailed();
            accept(context);

            registry(context).drain();

            await().untilAsserted(() -> assertThat(
                            context.getBean(ApplicationAvailability.class).getReadinessState())
                    .isEqualTo(ReadinessState.REFUSING_TRAFFIC));
        });
    }

    @Test
    void a_context_that_nobody_probes_closes_at_once_and_does_not_say_that_it_waits() {
        try (CapturedLog log = new CapturedLog()) {
            assertClosesAtOnce(patient(), LifecycleTest::accept);
            assertThat(log.messages())
                    .contains(
                            "Does not wait until load balancers have seen that this instance drains: nobody probes it")
                    .noneMatch(message -> message.startsWith("Waits ") || message.startsWith("Stops "));
        }
    }

    @Test
    void one_question_is_no_prober() {
        assertClosesAtOnce(patient(), context -> {
            accept(context);
            readiness(context);
            readiness(context);
        });
    }

    @Test
    void a_context_that_never_accepted_traffic_closes_at_once() {
        assertClosesAtOnce(patient(), LifecycleTest::probe);
    }

    @Test
    void what_is_turned_off_does_not_drain() {
        AtomicBoolean drained = new AtomicBoolean();
        assertClosesAtOnce(patient().withPropertyValues("healthcheck.drain.enabled=false"), context -> {
            accept(context);
            probe(context);
            HealthCheckRegistry registry = registry(context);
            context.addApplicationListener(event -> drained.compareAndSet(false, "draining".equals(reason(registry))));
        });
        assertThat(drained).isFalse();
    }

    /** JUnit's timeout is much shorter than the hour that it would take otherwise. */
    private static void assertClosesAtOnce(
            ApplicationContextRunner runner, Consumer<ConfigurableApplicationContext> before) {
        runner.run(context -> {
            before.accept(context);
            HealthCheckRegistry registry = registry(context);

            context.close();

            assertThat(reason(registry)).isEqualTo("closed");
        });
    }

    @Test
    void events_on_other_threads_do_not_shorten_the_wait() {
        SimpleApplicationEventMulticaster multicaster = new SimpleApplicationEventMulticaster();
        multicaster.setTaskExecutor(new SimpleAsyncTaskExecutor());

        patient()
                .withBean(
                        AbstractApplicationContext.APPLICATION_EVENT_MULTICASTER_BEAN_NAME,
                        ApplicationEventMulticaster.class,
                        () -> multicaster)
                .run(context -> {
                    accept(context);
                    await().untilAsserted(() -> assertThat(readiness(context)).isEqualTo(Status.UP));
                    probe(context);
                    HealthCheckRegistry registry = registry(context);

                    CompletableFuture<Void> closed = close(context);
                    await().untilAsserted(() -> assertThat(reason(registry)).isEqualTo("draining"));
                    assertThat(closed).isNotDone();
                    readiness(context);
                    assertThat(closed).succeedsWithin(Duration.ofSeconds(30));
                });
    }

    /** Listeners such as schedulers stop by the event, and lifecycle beans of the first phase after it. */
    @Test
    void nothing_else_of_the_application_stops_before_it_has_drained() {
        Worker worker = new Worker();
        AtomicBoolean isTold = new AtomicBoolean();
        ApplicationListener<ContextClosedEvent> other = event -> isTold.set(true);
        ApplicationContextRunner runner = patient()
                .withInitializer(context -> context.addApplicationListener(other))
                .withBean(Worker.class, () -> worker);

        runner.run(context -> {
            accept(context);
            probe(context);
            HealthCheckRegistry registry = registry(context);

            CompletableFuture<Void> closed = close(context);
            await().untilAsserted(() -> assertThat(reason(registry)).isEqualTo("draining"));
            assertThat(worker.isRunning).isTrue();
            assertThat(isTold).isFalse();

            readiness(context);
            assertThat(closed).succeedsWithin(Duration.ofSeconds(30));
            assertThat(worker.isRunning).isFalse();
            assertThat(isTold).isTrue();
        });
    }

    @Test
    void readiness_that_is_refused_for_a_while_does_not_drain() {
        patient().run(context -> {
            accept(context);
            AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
            assertThat(readiness(context)).isEqualTo(Status.OUT_OF_SERVICE);
            assertThat(reason(registry(context))).isNull();

            accept(context);
            assertThat(readiness(context)).isEqualTo(Status.UP);
        });
    }

    @Test
    void a_registry_that_the_application_drains_refuses_traffic_for_good() {
        patient().run(context -> {
            accept(context);
            assertThat(readiness(context)).isEqualTo(Status.UP);

            registry(context).drain();
            assertThat(readiness(context)).as("at the very next question").isEqualTo(Status.OUT_OF_SERVICE);
            await().untilAsserted(() -> assertThat(
                            context.getBean(ApplicationAvailability.class).getReadinessState())
                    .isEqualTo(ReadinessState.REFUSING_TRAFFIC));

            accept(context);
            assertThat(readiness(context)).isEqualTo(Status.OUT_OF_SERVICE);
        });
    }

    @Test
    void a_context_that_is_paused_or_stopped_starts_again_with_the_same_registry() {
        patient().run(context -> {
            accept(context);

            context.stop();
            context.start();
            assertIsOpen(context);

            AbstractApplicationContext paused = (AbstractApplicationContext) context.getSourceApplicationContext();
            paused.pause();
            paused.restart();
            assertIsOpen(context);
        });
    }

    private static void assertIsOpen(ConfigurableApplicationContext context) {
        assertThat(reason(registry(context))).isNull();
        assertThat(readiness(context)).isEqualTo(Status.UP);
    }

    @Test
    void a_context_that_was_stopped_closes_its_registry() {
        patient().run(context -> {
            HealthCheckRegistry registry = registry(context);
            context.stop();
            context.close();
            assertThat(reason(registry)).isEqualTo("closed");
        });
    }

    @Test
    void a_child_that_closes_leaves_the_registry_of_its_parent_alone() {
        patient().run(parent -> {
            accept(parent);
            patient(parent).run(child -> {
                assertThat(child).hasNotFailed();
                assertThat(registry(child)).isSameAs(registry(parent));
                accept(child);
            });
            assertIsOpen(parent);
        });
    }

    /** The children of a context close with it, and a server may be theirs. */
    @Test
    void a_parent_waits_before_its_children_close() {
        patient().run(parent -> {
            accept(parent);
            patient(parent).run(child -> {
                accept(child);
                probe(child);

                CompletableFuture<Void> closed = close(parent);
                await().untilAsserted(() -> assertThat(readiness(child)).isEqualTo(Status.OUT_OF_SERVICE));
                assertThat(closed).succeedsWithin(Duration.ofSeconds(30));
            });
        });
    }

    private static ApplicationContextRunner patient(AssertableApplicationContext parent) {
        return Contexts.actuator()
                .withParent(parent.getSourceApplicationContext())
                .withPropertyValues("management.health.readinessstate.enabled=true");
    }

    /** The registry is there before the pool, so Spring would destroy the pool first. */
    @Test
    void no_check_runs_on_a_pool_that_is_closed() {
        SlowPool pool = new SlowPool();

        patient()
                .withBean("earlyBean", EarlyBean.class)
                .withBean("pool", SlowPool.class, () -> pool, definition -> {
                    definition.setDestroyMethodName("close");
                    definition.setDependsOn("earlyBean");
                })
                .withBean("user", Object.class, Object::new, definition -> definition.setDependsOn("pool"))
                .run(context -> {
                    registry(context).register("pool", pool::ask, o -> o.every(Duration.ofMillis(100))
                            .timeout(Duration.ofMillis(90)));
                    await().untilAsserted(() -> assertThat(pool.runs).hasPositiveValue());
                });

        assertThat(pool.isClosed).isTrue();
        assertThat(pool.runsWhenClosed).hasValue(0);
    }

    /** Spring stops beans that depend on one another together, in no phase. */
    @Test
    void no_lifecycle_bean_depends_on_another() {
        patient().run(context -> {
            ConfigurableListableBeanFactory beans = context.getBeanFactory();
            String[] all = beans.getBeanNamesForType(Lifecycle.class);
            List<String> ours = Stream.of(all)
                    .filter(bean -> bean.startsWith("healthcheck"))
                    .toList();
            assertThat(ours).contains("healthcheckClosing");
            for (String bean : ours) {
                assertThat(beans.getDependenciesForBean(bean)).doesNotContain(all);
                assertThat(beans.getDependentBeans(bean)).doesNotContain(all);
            }
        });
    }

    @Test
    void times_that_contradict_each_other_stop_the_start() {
        assertRefused(
                "healthcheck.drain.at-most: PT31S (expected: <= PT30S, spring.lifecycle.timeout-per-shutdown-phase)",
                "healthcheck.drain.at-most=31s");
        assertRefused(
                "healthcheck.drain.at-most: PT6S (expected: <= PT5S, spring.lifecycle.timeout-per-shutdown-phase)",
                "healthcheck.drain.at-most=6s",
                "spring.lifecycle.timeoutPerShutdownPhase=5s");
        assertRefused(
                "healthcheck.drain.at-least: PT9S (expected: <= PT8S, healthcheck.drain.at-most)",
                "healthcheck.drain.at-least=9s",
                "healthcheck.drain.at-most=8s");
        assertRefused("healthcheck.drain.at-least: PT-1S (expected: >= 0)", "healthcheck.drain.at-least=-1s");
        assertRefused("healthcheck.drain.at-most: PT-1S (expected: >= 0)", "healthcheck.drain.at-most=-1s");
        assertRefused("healthcheck.drain.reports: 0 (expected: >= 1)", "healthcheck.drain.reports=0");
    }

    private static void assertRefused(String message, String... properties) {
        Contexts.actuator().withPropertyValues(properties).run(context -> {
            FailureAnalysis analysis = new InvalidSettingsFailureAnalyzer().analyze(context.getStartupFailure());
            assertThat(analysis.getDescription()).isEqualTo(message);
        });
    }

    @Test
    void the_default_times_fit_into_a_short_phase() {
        HealthcheckProperties.Drain defaults = new HealthcheckProperties.Drain(true, 3, null, null);

        assertThat(DrainTimes.of(defaults, Duration.ofSeconds(30)))
                .isEqualTo(new DrainTimes(3, Duration.ofSeconds(7), Duration.ofSeconds(20)));
        assertThat(DrainTimes.of(defaults, Duration.ofSeconds(10)))
                .isEqualTo(new DrainTimes(3, Duration.ofSeconds(7), Duration.ofSeconds(10)));
        assertThat(DrainTimes.of(defaults, Duration.ofSeconds(5)))
                .isEqualTo(new DrainTimes(3, Duration.ofSeconds(5), Duration.ofSeconds(5)));
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnRegistry {
        @Bean
        Object publisher(ApplicationEventPublisher events) {
            events.publishEvent("early");
            return "publisher";
        }

        @Bean
        HealthCheckRegistry own(@Qualifier("publisher") Object publisher) {
            return HealthCheckRegistry.create();
        }
    }

    /** A bean that has the registry injected before the other beans are there. */
    private record EarlyBean(HealthCheckRegistry registry) {}

    private static final class SlowPool {
        final AtomicInteger runs = new AtomicInteger();
        final AtomicInteger runsWhenClosed = new AtomicInteger();
        volatile boolean isClosed;

        CheckResult ask() {
            (isClosed ? runsWhenClosed : runs).incrementAndGet();
            return CheckResult.up();
        }

        /** Takes as long as a pool may that waits for its connections. */
        @SuppressWarnings("unused") // Spring calls it
        void close() {
            isClosed = true;
            await().pollDelay(Duration.ofMillis(600)).until(() -> true);
        }
    }

    private static final class Worker implements SmartLifecycle {
        volatile boolean isRunning;

        @Override
        public void start() {
            isRunning = true;
        }

        @Override
        public void stop() {
            isRunning = false;
        }

        @Override
        public boolean isRunning() {
            return isRunning;
        }
    }
}
