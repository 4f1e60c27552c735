package dev.healthcheck.benchmarks;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/** The checks of a contender. */
enum Workload {
    /** Ten that are over at once. */
    HEALTHY {
        @Override
        Map<String, Check> checks() {
            return healthy(10);
        }
    },

    /** Ten that wait for 50 ms. */
    SLOW {
        @Override
        Map<String, Check> checks() {
            return many(10, () -> Thread.sleep(50));
        }
    },

    /** 15, of which ten take 3 s. */
    SLEEPING {
        @Override
        Map<String, Check> checks() {
            Map<String, Check> checks = healthy(15);
            checks.putAll(many(10, () -> Thread.sleep(3000)));
            return checks;
        }
    },

    /** Ten, of which one never ends and does not care for interrupts. */
    HANGING {
        @Override
        Map<String, Check> checks() {
            Map<String, Check> checks = healthy(10);
            checks.put("check-5", Workload::hang);
            return checks;
        }
    },

    /** One that takes 20 ms and something of which the application has ten. */
    POOLED {
        @Override
        Map<String, Check> checks() {
            Semaphore permits = new Semaphore(10, true);
            Application.start(permits);
            return many(1, () -> {
                permits.acquire();
                try {
                    Thread.sleep(20);
                } finally {
                    permits.release();
                }
            });
        }
    };

    abstract Map<String, Check> checks();

    /** So many that are over at once. */
    static Map<String, Check> healthy(int count) {
        return many(count, () -> {});
    }

    private static Map<String, Check> many(int count, Check check) {
        Map<String, Check> checks = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            checks.put("check-" + i, () -> {
                Facts.RUNS.increment();
                check.run();
            });
        }
        return checks;
    }

    private static void hang() {
        Facts.HANGING.increment();
        while (true) {
            LockSupport.park();
            boolean unused = Thread.interrupted();
        }
    }
}
