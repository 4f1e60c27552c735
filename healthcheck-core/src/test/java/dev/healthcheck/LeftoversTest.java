package dev.healthcheck;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.healthcheck.testkit.CapturedLog;
import dev.healthcheck.testkit.Patience;
import java.lang.reflect.Field;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;

/** R14: what foreign code leaves behind on a thread of ours does not reach what runs there next. */
class LeftoversTest {
    private static final Seen CLEAN = new Seen("healthcheck-worker", Thread.NORM_PRIORITY, null, false, Map.of());
    private static final Seen OF_EVENTS = new Seen("healthcheck-events", Thread.NORM_PRIORITY, null, false, Map.of());

    private final Workers workers = new Workers();
    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        workers.close();
    }

    @Test // R14i
    void a_task_sees_nothing_of_the_one_before_it_on_the_same_thread() {
        for (int round = 1; round <= 3; round++) {
            workers.execute(() -> {
                look();
                leave();
            });
            int tasks = round;
            await().until(() -> seen.size() == tasks && isParked(threads.get(0)));
        }

        assertThat(threads).containsOnly(threads.get(0));
        assertThat(seen).containsOnly(CLEAN);
    }

    @Test // R14i
    void a_task_that_says_early_that_it_is_finishing_leaves_nothing_either() {
        for (int round = 1; round <= 3; round++) {
            workers.execute(() -> {
                look();
                leave();
                Workers.finishing();
            });
            int tasks = round;
            await().until(() -> seen.size() == tasks && isParked(threads.get(0)));
        }

        assertThat(seen).containsOnly(CLEAN);
    }

    @Test // R14i
    void a_check_sees_nothing_of_another_one_that_ran_on_the_same_thread() {
        try (var registry = HealthCheckRegistry.create()) {
            registry.register("a", () -> {
                leave();
                return CheckResult.up();
            });
            registry.register("b", () -> {
                look();
                return CheckResult.up();
            });
            for (int i = 0; i < 10; i++) {
                registry.check("a");
                registry.check("b");
            }
        }

        ClassLoader registering = Thread.currentThread().getContextClassLoader();
        assertThat(seen)
                .isNotEmpty()
                .containsOnly(new Seen("healthcheck-b", Thread.NORM_PRIORITY, registering, false, Map.of()));
    }

    @Test // R14i
    void a_listener_and_a_line_of_the_log_see_nothing_of_a_listener_before_them() {
        try (var log = new CapturedLog();
                var registry = HealthCheckRegistry.create()) {
            registry.addListener(change -> leave());
            registry.addListener(change -> look());
            registry.addListener(change -> {
                leave();
                throw new IllegalStateException("and throws");
            });
            registry.register("a", () -> {
                leave();
                return CheckResult.down("gone");
            });
            registry.register("b", () -> CheckResult.down("gone"));
            registry.check();

            await().untilAsserted(() -> assertThat(seen).hasSize(2));
            assertThat(seen).containsOnly(OF_EVENTS);
            assertThat(log.lines)
                    .isNotEmpty()
                    .extracting(ILoggingEvent::getMDCPropertyMap)
                    .containsOnly(Map.of());
            assertThat(log.lines).extracting(ILoggingEvent::getThreadName).containsOnly("healthcheck-events");
        }
    }

    @Test // R14i
    void a_thread_has_nothing_of_the_one_that_had_it_started() throws Exception {
        InheritableThreadLocal<String> tenant = new InheritableThreadLocal<>();
        AtomicReference<String> inherited = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            tenant.set("acme");
            leave();
            workers.execute(() -> {
                look();
                inherited.set(tenant.get());
            });
        });
        caller.start();
        caller.join();

        await().untilAsserted(() -> assertThat(seen).containsExactly(CLEAN));
        assertThat(inherited).hasValue(null);
    }

    @Test // R10c
    void an_mdc_that_throws_keeps_no_check_from_running() throws Exception {
        Field field = MDC.class.getDeclaredField("MDC_ADAPTER");
        field.setAccessible(true);
        MDCAdapter before = MDC.getMDCAdapter();
        try (var registry = Patience.builder().build()) {
            field.set(null, new Throwing());
            registry.register("a", CheckResult::up);
            registry.register("b", CheckResult::up);

            assertThat(registry.check().status()).isEqualTo(Status.UP);
            workers.execute(this::leave);
            workers.execute(this::leave);
        } finally {
            field.set(null, before);
        }
        workers.close();
        long begin = System.nanoTime();
        workers.awaitEnd(ofSeconds(10).toNanos());
        assertThat(System.nanoTime() - begin).isLessThan(ofSeconds(10).toNanos());
    }

    private void look() {
        Thread current = Thread.currentThread();
        Map<String, String> mdc = MDC.getCopyOfContextMap();
        threads.add(current);
        seen.add(new Seen(
                current.getName(),
                current.getPriority(),
                current.getContextClassLoader(),
                current.isInterrupted(),
                mdc == null ? Map.of() : mdc));
    }

    @SuppressWarnings("ThreadPriorityCheck") // that is the point
    private void leave() {
        Thread current = Thread.currentThread();
        current.setName("mine");
        current.setPriority(Thread.MIN_PRIORITY);
        current.setContextClassLoader(new URLClassLoader(new URL[0]));
        MDC.put("tenant", "acme");
        current.interrupt();
    }

    private static boolean isParked(Thread thread) {
        return thread.getState() == Thread.State.TIMED_WAITING;
    }

    private record Seen(
            String name,
            int priority,
            @Nullable ClassLoader contextClassLoader,
            boolean interrupted,
            Map<String, String> mdc) {}

    private static final class Throwing extends NOPMDCAdapter {
        @Override
        public void put(String key, String value) {}

        @Override
        public void clear() {
            throw new InternalError("not today");
        }
    }
}
