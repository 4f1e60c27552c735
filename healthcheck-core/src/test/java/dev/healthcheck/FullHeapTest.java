package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.testkit.ChildJvm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** R3, R6 and R10: a heap that is full for a while costs no check and no schedule. In JVMs of their own. */
class FullHeapTest {

    @Test // R10d, R10e, R15k
    void checks_asked_while_the_heap_is_full_are_well_and_on_schedule_once_it_is_not() throws Exception {
        assertThat(ChildJvm.run(List.of("-Xmx64m", "-XX:+UseSerialGC"), Storm.class, "1", "700"))
                .endsWith("storms: 1, stuck: 0, behind schedule: 0, not told: 0, lost: 0");
    }

    @Tag("faults")
    @ParameterizedTest // R10d, R10e, R15k
    @MethodSource("collectors")
    void so_they_are_with_every_collector_and_after_every_storm(String collector) throws Exception {
        assertThat(ChildJvm.run(List.of("-Xmx64m", collector), Storm.class, "3", "3000"))
                .endsWith("storms: 3, stuck: 0, behind schedule: 0, not told: 0, lost: 0");
    }

    static Stream<String> collectors() {
        return Stream.of("-XX:+UseG1GC", "-XX:+UseSerialGC", "-XX:+UseParallelGC");
    }

    /** Fills the heap again and again while everything is asked, lets go, and looks how things are. */
    static final class Storm {
        private static final int CHECKS = 20;
        private static final Duration INTERVAL = ofMillis(200);
        private static final Duration TO_RECOVER = ofSeconds(10);

        private static volatile boolean full;
        private static volatile boolean over;
        private static final Told TOLD = new Told();

        public static void main(String[] args) throws Exception {
            int storms = Integer.parseInt(args[0]);
            Duration length = ofMillis(Long.parseLong(args[1]));
            int stuck = 0;
            int behind = 0;
            int notTold = 0;
            HealthCheckRegistry registry = HealthCheckRegistry.create();
            registry.addListener(TOLD);
            List<AtomicInteger> runs = new ArrayList<>();
            Switch toggle = new Switch();
            for (int i = 0; i < CHECKS; i++) {
                TOLD.expect("demanded-" + i);
                TOLD.expect("scheduled-" + i);
                registry.register("demanded-" + i, CheckResult::up, o -> o.cacheFor(Duration.ZERO)
                        .timeout(ofMillis(150)));
                AtomicInteger count = new AtomicInteger();
                runs.add(count);
                registry.register(
                        "scheduled-" + i,
                        () -> {
                            count.incrementAndGet();
                            return CheckResult.up();
                        },
                        o -> o.every(INTERVAL).timeout(ofMillis(150)));
            }
            TOLD.expect("toggle");
            registry.register("toggle", toggle, o -> o.every(INTERVAL).timeout(ofMillis(150)));
            registry.check();

            for (int i = 0; i < storms; i++) {
                fill(registry, length);
                stuck += awaitNone(() -> (int) registry.check().checks().stream()
                        .filter(check -> check.status() != Status.UP || check.runningFor() != null)
                        .count());
                List<Integer> before = runs.stream().map(AtomicInteger::get).toList();
                behind += awaitNone(() -> {
                    int waiting = 0;
                    for (int j = 0; j < CHECKS; j++) {
                        waiting += runs.get(j).get() > before.get(j) + 1 ? 0 : 1;
                    }
                    return waiting;
                });
                toggle.down = true;
                notTold += awaitNone(() -> TOLD.newest("toggle") == Status.DOWN ? 0 : 1);
                toggle.down = false;
                notTold += awaitNone(() -> TOLD.newest("toggle") == Status.UP ? 0 : 1);
                notTold += awaitNone(() -> TOLD.notWell());
            }
            System.out.println();
            System.out.println("storms: " + storms + ", stuck: " + stuck + ", behind schedule: " + behind
                    + ", not told: " + notTold + ", lost: " + TOLD.lost.get());
            System.exit(0);
        }

        /** Notices each change that does not begin where the one before has ended. Needs no memory for that. */
        private static final class Told implements HealthListener {
            final AtomicInteger lost = new AtomicInteger();
            private final Map<String, AtomicReference<Status>> newest = new ConcurrentHashMap<>();
            private volatile @Nullable Status whole;

            void expect(String check) {
                newest.put(check, new AtomicReference<>());
            }

            @Override
            public void onChange(StatusChange change) {
                AtomicReference<Status> last = newest.get(change.check());
                if (last.get() != change.from()) {
                    lost.incrementAndGet();
                }
                last.set(change.to());
            }

            @Override
            public void onProbe(ProbeChange change) {
                if (change.probe() == null) {
                    if (whole != change.from()) {
                        lost.incrementAndGet();
                    }
                    whole = change.to();
                }
            }

            Status newest(String check) {
                return newest.get(check).get();
            }

            /** Returns the number of checks that are UP by now, and were last told to be otherwise; one more for all together. */
            int notWell() {
                int checks = (int) newest.values().stream()
                        .filter(last -> last.get() != Status.UP)
                        .count();
                return checks + (whole == Status.UP ? 0 : 1);
            }
        }

        private static final class Switch implements HealthCheck {
            volatile boolean down;

            @Override
            public CheckResult check() {
                return down ? CheckResult.down("on purpose") : CheckResult.up();
            }
        }

        private static void fill(HealthCheckRegistry registry, Duration length) throws InterruptedException {
            over = false;
            full = false;
            Thread filler = new Thread(Storm::fillHeap);
            Thread asker = new Thread(() -> ask(registry));
            filler.start();
            asker.start();
            long until = System.nanoTime() + length.toNanos();
            while (System.nanoTime() - until < 0 || !full) {
                Thread.onSpinWait();
            }
            over = true;
            filler.join();
            asker.join();
        }

        /** Holds whatever is left, down to the last bytes, and lets go of a little now and then. */
        private static void fillHeap() {
            Object[] held = null;
            int size = 1 << 20;
            int let = 0;
            while (!over) {
                try {
                    held = new Object[] {held, new byte[size]};
                } catch (OutOfMemoryError e) {
                    full = true;
                    if (size > 16) {
                        size /= 2;
                    } else if (held != null && ++let % 64 == 0) {
                        held = (Object[]) held[0];
                    }
                }
            }
        }

        private static void ask(HealthCheckRegistry registry) {
            while (!over) {
                try {
                    registry.check();
                } catch (OutOfMemoryError e) {
                    Thread.onSpinWait(); // it is the caller's
                }
            }
        }

        private static int awaitNone(Count count) {
            try {
                await().atMost(TO_RECOVER).pollInterval(ofMillis(20)).until(() -> count.now() == 0);
                return 0;
            } catch (ConditionTimeoutException e) {
                return count.now();
            }
        }

        private interface Count {
            int now();
        }
    }
}
