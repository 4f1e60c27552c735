package dev.healthcheck.soak;

import dev.healthcheck.AsyncHealthCheck;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** All that a check can do to those who run it. */
enum Behaviour {
    WELL {
        @Override
        HealthCheck check() {
            return () -> CheckResult.up().withDetail("at", System.nanoTime());
        }
    },
    FLAPPING {
        @Override
        HealthCheck check() {
            return () ->
                    chance(2) ? CheckResult.up() : CheckResult.down("not now").withReason("flapping");
        }
    },
    THROWING {
        @Override
        HealthCheck check() {
            return () -> {
                if (chance(2)) {
                    throw new IllegalStateException("broken");
                }
                throw new AssertionError("broken badly");
            };
        }
    },
    SLOW {
        @Override
        HealthCheck check() {
            return () -> {
                Thread.sleep(ThreadLocalRandom.current().nextInt(1, 60)); // around its timeout of 50 ms
                return CheckResult.up();
            };
        }
    },
    HANGING {
        @Override
        HealthCheck check() {
            return () -> {
                hang(ThreadLocalRandom.current().nextInt(3_000));
                return CheckResult.up();
            };
        }
    },
    ASYNC {
        @Override
        HealthCheck check() {
            AsyncHealthCheck async = () -> CompletableFuture.supplyAsync(CheckResult::up, LATER);
            return async;
        }
    },
    ASYNC_FOREVER {
        @Override
        HealthCheck check() {
            AsyncHealthCheck async = CompletableFuture::new;
            return async;
        }
    };

    private static final Executor LATER = CompletableFuture.delayedExecutor(5, TimeUnit.MILLISECONDS);

    abstract HealthCheck check();

    static Behaviour any() {
        return values()[ThreadLocalRandom.current().nextInt(values().length)];
    }

    private static boolean chance(int of) {
        return ThreadLocalRandom.current().nextInt(of) == 0;
    }

    /** Whatever interrupts. */
    private static void hang(long millis) {
        long until = System.nanoTime() + millis * 1_000_000;
        while (System.nanoTime() - until < 0) {
            LockSupport.parkNanos(10_000_000);
            Thread.interrupted();
        }
    }
}
