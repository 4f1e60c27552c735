package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.testkit.Hang;
import dev.healthcheck.testkit.LiveThreads;
import dev.healthcheck.testkit.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** R17: checks come and go at any time, from any thread, while others ask. */
class RegisteringTest {
    private final LiveThreads threads = new LiveThreads();
    private final HealthCheckRegistry registry = Patience.builder().build();

    @AfterEach
    void close() {
        registry.close();
    }

    @Test // R17f
    void reports_name_the_checks_in_the_order_of_their_registration() {
        registry.register("b", CheckResult::up);
        Registration c = registry.register("c", CheckResult::up);
        registry.register("a", CheckResult::up);
        c.close();
        registry.register("c", CheckResult::up);

        assertThat(registry.check().checks()).extracting(CheckReport::name).containsExactly("b", "a", "c");
    }

    @Test // R17b
    void a_report_is_of_the_checks_that_were_registered_when_it_was_asked_for() {
        Hang hang = new Hang();
        registry.register("a", hang);
        CompletableFuture<HealthReport> asked = registry.checkAsync(Probe.READINESS);

        registry.register("b", CheckResult::up);
        hang.release();

        assertThat(asked).succeedsWithin(ofSeconds(5));
        assertThat(asked.join().checks()).extracting(CheckReport::name).containsExactly("a");
        assertThat(registry.check(Probe.READINESS).checks())
                .extracting(CheckReport::name)
                .containsExactly("a", "b");
    }

    @Test // R17c
    void unregistering_interrupts_the_run_does_not_wait_and_drops_its_result() throws Exception {
        List<StatusChange> changes = new CopyOnWriteArrayList<>();
        registry.addListener(changes::add);
        Hang hang = new Hang();
        Registration registration = registry.register("db", hang);
        CompletableFuture<HealthReport> waiting = registry.checkAsync(Probe.READINESS);
        hang.awaitBegun();

        registration.close();

        await().until(() -> hang.interrupts.get() == 1);
        assertThat(hang.runs).hasValue(1);
        assertThat(waiting).succeedsWithin(ofSeconds(10));
        Patience.assertAnsweredWithin(ofMillis(900), waiting.join().duration());
        assertThat(waiting.join().checks()).extracting(CheckReport::name).containsExactly("db");
        hang.release();
        await().untilAsserted(() ->
                assertThat(threads.since()).extracting(Thread::getName).doesNotContain("healthcheck-db"));
        registry.close();
        assertThat(changes).isEmpty();
    }

    @Test // R17d
    void who_waits_for_a_check_that_is_unregistered_is_told_what_was_last_known() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch second = new CountDownLatch(1);
        Registration registration = registry.register(
                "db",
                () -> {
                    if (runs.incrementAndGet() > 1) {
                        second.countDown();
                        new CountDownLatch(1).await();
                    }
                    return CheckResult.up();
                },
                o -> o.cacheFor(Duration.ZERO));
        registry.check();
        CompletableFuture<HealthReport> waiting = registry.checkAsync(Probe.READINESS);
        assertThat(second.await(10, TimeUnit.SECONDS)).isTrue();

        registration.close();

        assertThat(waiting).succeedsWithin(ofSeconds(10));
        assertThat(waiting.join().status()).isEqualTo(Status.UP);
    }

    @Test // R17d
    void who_asks_at_the_moment_of_unregistering_is_told_what_was_last_known_or_that_it_is_pending() {
        AtomicReference<Registration> leaving = new AtomicReference<>();
        VirtualRegistry rig = new VirtualRegistry(builder -> builder.clock(() -> {
            Optional.ofNullable(leaving.getAndSet(null)).ifPresent(Registration::close);
            return FakeTime.START;
        }));
        Registration known = rig.registry.register("known", CheckResult::up, o -> o.cacheFor(Duration.ZERO));
        CheckReport last = rig.check("known");

        leaving.set(known);
        assertThat(rig.check("known")).isSameAs(last);
        leaving.set(rig.registry.register("unknown", CheckResult::up));
        assertThat(rig.check("unknown").reason()).isEqualTo("pending");
    }

    @Test // R16a
    void a_registry_that_is_closed_while_a_check_is_registered_does_not_take_it() {
        assertThatThrownBy(() -> registry.register("late", CheckResult::up, o -> {
                    registry.close();
                    return o;
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("registry: closed (expected: open)");
    }

    @Test
    void a_registration_tells_of_which_check_it_is() {
        AsyncHealthCheck check = () -> CompletableFuture.completedFuture(CheckResult.up());

        assertThat(registry.register("a", CheckResult::up).name()).isEqualTo("a");
        assertThat(registry.registerAsync("b", check)).hasToString("registration of b");
        assertThat(registry.registerAsync("c", check, CheckOptions::optional).name())
                .isEqualTo("c");
    }

    @Test // R17e
    void the_same_name_is_free_at_once_although_the_last_run_goes_on() throws Exception {
        Hang hang = new Hang();
        Registration first = registry.register("db", hang, o -> o.timeout(ofMillis(300)));
        Hang.awaitStuck(registry, "db");

        first.close();
        registry.register("db", () -> CheckResult.degraded("new"));

        assertThat(registry.check("db").orElseThrow().message()).isEqualTo("new");
        first.close();
        assertThat(registry.check("db")).isPresent();
        hang.release();
        assertThat(registry.check("db").orElseThrow().message()).isEqualTo("new");
    }

    @Test // R17a
    void many_threads_may_register_unregister_and_ask_at_once() throws Exception {
        registry.register("fixed", CheckResult::up, o -> o.cacheFor(Duration.ZERO));
        AtomicInteger names = new AtomicInteger();
        AtomicInteger conflicts = new AtomicInteger();

        List<Boolean> allFixed = Callers.together(12, () -> {
            boolean fixed = true;
            for (int i = 0; i < 100; i++) {
                switch (ThreadLocalRandom.current().nextInt(4)) {
                    case 0 -> {
                        try (var mine = registry.register("mine-" + names.incrementAndGet(), CheckResult::up)) {
                            fixed &= registry.check(mine.name()).isPresent();
                        }
                    }
                    case 1 -> {
                        try (var contested = registry.register("contested", CheckResult::up, o -> o.every(ofMillis(100))
                                .timeout(ofMillis(100)))) {
                            fixed &= contested.runNow().name().equals("contested");
                        } catch (IllegalArgumentException e) {
                            conflicts.incrementAndGet();
                        }
                    }
                    case 2 ->
                        fixed &= registry.checkAsync(Probe.READINESS)
                                .get(10, TimeUnit.SECONDS)
                                .checks()
                                .get(0)
                                .status()
                                .equals(Status.UP);
                    default -> fixed &= registry.check().checks().get(0).name().equals("fixed");
                }
            }
            return fixed;
        });

        assertThat(allFixed).doesNotContain(false);
        assertThat(registry.check().checks()).extracting(CheckReport::name).containsExactly("fixed");
        registry.close();
        await().untilAsserted(() -> assertThat(threads.since()).isEmpty());
    }

    @Test // R17g
    void a_refused_registration_and_one_that_is_over_leave_no_alarm_behind() {
        VirtualRegistry rig = new VirtualRegistry();
        Registration registration = rig.registry.register("db", CheckResult::up);
        int open = rig.time.openAlarms();

        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> rig.registry.register("db", CheckResult::up))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(rig.time.openAlarms()).isEqualTo(open);

        registration.close();
        assertThat(rig.time.openAlarms()).isEqualTo(open - 1);
    }

    @Test // C11
    void a_run_is_told_whether_run_now_has_started_it() {
        List<Boolean> forced = new ArrayList<>();
        VirtualRegistry rig = new VirtualRegistry();
        Registration registration = rig.registry.register(
                "db",
                new HealthCheck() {
                    @Override
                    public CheckResult check() {
                        throw new AssertionError("without its deadline");
                    }

                    @Override
                    public CheckResult check(Deadline deadline) {
                        forced.add(deadline.isForced());
                        return CheckResult.up();
                    }
                },
                o -> o.cacheFor(Duration.ZERO));

        rig.check("db");
        rig.workers.runAtOnce(true);
        registration.runNow();

        assertThat(forced).containsExactly(false, true);
        assertThat(Deadline.after(Duration.ofSeconds(1)).isForced()).isFalse();
    }

    @Test // R16i, R17a
    void a_check_may_come_or_go_while_the_registry_is_closed() throws Exception {
        for (int round = 0; round < 30; round++) {
            var closing = HealthCheckRegistry.create();
            AtomicInteger names = new AtomicInteger();
            AtomicInteger opened = new AtomicInteger();
            AtomicInteger closed = new AtomicInteger();
            Callers.together(4, () -> {
                try {
                    for (int i = 0; i < 10; i++) {
                        Registration registration = closing.register(
                                "check-" + names.incrementAndGet(),
                                new CountsCloses(closed),
                                o -> o.every(ofMillis(100)).timeout(ofMillis(100)));
                        opened.incrementAndGet();
                        if (i % 2 == 0) {
                            registration.close();
                        }
                        if (names.get() > 20) {
                            closing.close();
                        }
                    }
                } catch (IllegalStateException e) {
                    assertThat(e).hasMessage("registry: closed (expected: open)");
                }
                return true;
            });
            closing.close();

            await().untilAsserted(() -> assertThat(closed).hasValue(opened.get()));
        }
        await().untilAsserted(() -> assertThat(threads.since()).isEmpty());
    }

    private record CountsCloses(AtomicInteger closed) implements HealthCheck, AutoCloseable {
        @Override
        public CheckResult check() {
            return CheckResult.up();
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }
}
