package dev.healthcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.healthcheck.VirtualRegistry.Switchable;
import dev.healthcheck.testkit.CapturedLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** E6 to E8 and R15l: a listener that keeps something for each check learns of every check, and when to release it. */
class RegistrationEventsTest {
    private static final String WHY = ": the log or a listener is too slow, or memory ran short";

    private final VirtualRegistry rig = new VirtualRegistry();
    private final EventRecorder recorder = new EventRecorder();

    @Test // E6
    void a_check_is_registered_before_its_first_change_and_unregistered_after_its_last_run() {
        rig.registry.addListener(recorder);

        Registration db = register("db");
        assertThat(rig.registry.checkAsync("db")).isNotNull();
        rig.workers.run("db", 0);
        db.close();
        rig.workers.runAll();

        assertThat(recorder.told)
                .containsExactly("registered db", "change of db to UP", "run of db", "unregistered db");
    }

    @Test // E6
    void a_run_that_ends_after_its_check_was_unregistered_is_not_told() {
        rig.registry.addListener(recorder);
        Registration db = register("db");
        assertThat(rig.registry.checkAsync("db")).isNotNull();
        rig.workers.begin("db", 0);

        db.close();
        rig.workers.runAll();

        assertThat(recorder.told).containsExactly("registered db", "unregistered db");
    }

    @Test // E6
    void a_name_that_is_registered_again_is_unregistered_before() {
        rig.registry.addListener(recorder);
        for (int i = 0; i < 3; i++) {
            register("db").close();
        }
        register("db");
        rig.workers.runAll();

        assertThat(recorder.told)
                .containsExactly(
                        "registered db",
                        "unregistered db",
                        "registered db",
                        "unregistered db",
                        "registered db",
                        "unregistered db",
                        "registered db");
    }

    @Test // E6
    void a_registration_that_is_refused_is_not_told() {
        rig.registry.addListener(recorder);
        register("db");

        assertThatThrownBy(() -> register("db")).isInstanceOf(IllegalArgumentException.class);
        rig.registry.close();
        assertThatThrownBy(() -> register("late")).isInstanceOf(IllegalStateException.class);
        rig.workers.runAll();

        assertThat(recorder.told).containsExactly("registered db", "unregistered db");
    }

    @Test // E6
    void closing_the_registry_unregisters_every_check_once() {
        rig.registry.addListener(recorder);
        Registration db = register("db");
        register("cache");
        rig.readiness();
        recorder.told.clear();

        rig.registry.close();
        db.close();
        rig.registry.close();
        rig.workers.runAll();

        assertThat(recorder.told).containsExactly("unregistered db", "unregistered cache");
    }

    @Test // E6
    void when_close_returns_listeners_have_been_told_that_all_checks_are_gone() {
        EventRecorder real = new EventRecorder();
        try (HealthCheckRegistry registry = HealthCheckRegistry.create()) {
            registry.addListener(real);
            registry.register("db", CheckResult::up);
            registry.register("cache", CheckResult::up);
        }

        assertThat(real.told("unregistered")).containsExactly("unregistered db", "unregistered cache");
    }

    @Test // E7
    void a_listener_that_is_added_later_is_first_told_of_the_checks_that_are_registered_in_their_order() {
        register("gone").close();
        for (String name : List.of("db", "cache", "disk")) {
            register(name);
        }
        rig.readiness();

        rig.registry.addListener(recorder);
        rig.advance(Duration.ofSeconds(2));
        rig.check("cache");

        assertThat(recorder.told)
                .containsExactly("registered db", "registered cache", "registered disk", "run of cache");
    }

    @Test // E7
    void a_listener_that_is_added_while_events_wait_is_told_of_each_check_once() {
        register("db");
        rig.readiness();
        Registration cache = register("cache");

        rig.registry.addListener(recorder);
        register("disk");
        cache.close();
        rig.workers.runAll();

        assertThat(recorder.told)
                .containsExactly("registered db", "registered cache", "registered disk", "unregistered cache");
    }

    @Test // E7
    void a_listener_that_is_added_to_a_closed_registry_is_told_of_no_check() {
        register("db");
        rig.readiness();
        rig.registry.close();
        rig.workers.runAll();

        rig.registry.addListener(recorder);
        rig.workers.runAll();

        assertThat(recorder.told).isEmpty();
    }

    @Test // E7
    void checks_that_are_registered_while_a_listener_is_added_are_told_once_and_released() throws Exception {
        for (int round = 0; round < 50; round++) {
            List<String> told = new ArrayList<>();
            CountDownLatch begin = new CountDownLatch(1);
            HealthCheckRegistry registry = HealthCheckRegistry.create();
            Thread registers = new Thread(() -> {
                for (int i = 0; i < 20; i++) {
                    registry.register("check-" + i, CheckResult::up);
                    begin.countDown();
                }
            });
            registers.start();
            assertThat(begin.await(10, TimeUnit.SECONDS)).isTrue();
            ConcurrentLinkedQueue<String> heard = new ConcurrentLinkedQueue<>();
            registry.addListener(new Lifetimes(heard));
            registers.join();
            registry.close();

            told.addAll(heard);
            List<String> expected = new ArrayList<>();
            IntStream.range(0, 20).forEach(i -> expected.add("registered check-" + i));
            IntStream.range(0, 20).forEach(i -> expected.add("unregistered check-" + i));
            assertThat(told).isEqualTo(expected);
        }
    }

    @Test // E8
    void a_listener_that_throws_is_told_of_all_checks_all_the_same() {
        register("db");
        register("cache");
        rig.readiness();

        try (var log = new CapturedLog()) {
            rig.registry.addListener(new HealthListener() {
                @Override
                public void onChange(StatusChange change) {}

                @Override
                public void onRegistered(String name) {
                    recorder.onRegistered(name);
                    throw new IllegalStateException("on purpose");
                }
            });
            rig.workers.runAll();

            assertThat(recorder.told).containsExactly("registered db", "registered cache");
            assertThat(log.messages()).hasSize(2).allMatch(line -> line.endsWith(" threw"));
        }
    }

    @Test // E4
    void a_listener_that_removes_itself_is_told_of_no_further_check() {
        register("db");
        register("cache");
        rig.readiness();
        rig.registry.addListener(new HealthListener() {
            @Override
            public void onChange(StatusChange change) {}

            @Override
            public void onRegistered(String name) {
                recorder.onRegistered(name);
                rig.registry.removeListener(this);
            }
        });
        rig.workers.runAll();

        assertThat(recorder.told).containsExactly("registered db");
    }

    @Test // R15l
    void sixty_four_checks_that_come_and_go_while_a_listener_blocks_are_told() {
        rig.registry.addListener(recorder);
        for (int i = 0; i < 64; i++) {
            register("check-" + i).close();
        }
        rig.workers.runAll();

        assertThat(recorder.told("registered")).hasSize(64);
        assertThat(recorder.told("unregistered")).hasSize(64);
    }

    @Test // R15l
    void of_more_the_oldest_are_not_told_and_counted_with_their_runs_and_lines() {
        try (var log = new CapturedLog()) {
            rig.registry.addListener(recorder);
            register("lasting");
            rig.workers.runAll();
            for (int i = 0; i < 10_000; i++) {
                Switchable check = new Switchable();
                check.answer = CheckResult.down("gone");
                Registration registration = rig.registry.register("check", check);
                assertThat(rig.registry.checkAsync("check")).isNotNull();
                rig.workers.run("check", 0);
                registration.close();
            }
            rig.workers.runAll();

            assertThat(log.messages())
                    .filteredOn(line -> line.endsWith(WHY))
                    .containsExactly(
                            "5,904 runs not told, 9,936 lines lost, 9,936 registrations that have ended not told"
                                    + WHY);
            assertThat(recorder.told("registered check")).hasSize(64);
            assertThat(recorder.told("run of check")).hasSize(64);
            assertThat(recorder.told("change of check")).hasSize(64);
            assertThat(recorder.told("unregistered check")).hasSize(64);
        }
    }

    @Test // R15l
    void a_check_that_listeners_know_of_is_unregistered_however_many_come_and_go_after_it() {
        rig.registry.addListener(recorder);
        Registration known = register("known");
        rig.workers.runAll();

        known.close();
        for (int i = 0; i < 1_000; i++) {
            register("known").close();
        }
        register("known");
        rig.workers.runAll();

        assertThat(recorder.told).hasSize(2 + 2 * 64 + 1).startsWith("registered known", "unregistered known");
        assertThat(recorder.told).last().isEqualTo("registered known");
    }

    @Test // R15l
    void a_check_whose_end_waits_while_its_begin_is_told_is_unregistered_whatever_comes_and_goes_meanwhile() {
        rig.registry.addListener(new HealthListener() {
            @Override
            public void onChange(StatusChange change) {}

            @Override
            public void onRegistered(String name) {
                for (int i = 0; name.equals("first") && i < 100; i++) {
                    register("other").close();
                }
            }
        });
        rig.registry.addListener(recorder);
        register("first").close();
        rig.workers.runAll();

        assertThat(recorder.told).hasSize(2 + 2 * 64).startsWith("registered first", "unregistered first");
    }

    @Test // R15l
    void ten_thousand_checks_that_stay_are_told_however_long_a_listener_blocks() {
        rig.registry.addListener(recorder);
        for (int i = 0; i < 10_000; i++) {
            register("check-" + i);
        }
        rig.workers.runAll();
        assertThat(recorder.told).hasSize(10_000);

        rig.registry.close();
        rig.workers.runAll();

        assertThat(recorder.told("unregistered")).hasSize(10_000);
    }

    @Test // R15l
    void a_line_of_a_check_that_nobody_heard_of_is_written() {
        try (var log = new CapturedLog()) {
            rig.registry.addListener(recorder);
            for (int i = 0; i < 100; i++) {
                rig.registry.register("check-" + i, new FailsToClose()).close();
            }
            rig.workers.runAll();

            assertThat(log.messages()).anyMatch(line -> line.startsWith("check-99: close() of the check failed"));
        }
    }

    private static final class FailsToClose implements HealthCheck, AutoCloseable {
        @Override
        public CheckResult check() {
            return CheckResult.up();
        }

        @Override
        public void close() {
            throw new IllegalStateException("on purpose");
        }
    }

    private record Lifetimes(ConcurrentLinkedQueue<String> told) implements HealthListener {
        @Override
        public void onChange(StatusChange change) {}

        @Override
        public void onRegistered(String name) {
            told.add("registered " + name);
        }

        @Override
        public void onUnregistered(String name) {
            told.add("unregistered " + name);
        }
    }

    private Registration register(String name) {
        return rig.registry.register(name, new Switchable());
    }
}
