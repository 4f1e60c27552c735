package dev.healthcheck.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The work of the server: takes a permit every few milliseconds, and notes how long it had to wait. */
final class Application {
    // guarded by itself
    private static final List<Long> WAITS = new ArrayList<>();

    private Application() {}

    static void start(Semaphore permits) {
        Thread thread = new Thread(() -> work(permits), "application");
        thread.setDaemon(true);
        thread.start();
    }

    private static void work(Semaphore permits) {
        try {
            while (true) {
                long begun = System.nanoTime();
                permits.acquire();
                long waited = System.nanoTime() - begun;
                permits.release();
                synchronized (WAITS) {
                    WAITS.add(waited);
                }
                TimeUnit.MILLISECONDS.sleep(2);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Of the waits since this was asked the last time. */
    static long waitP99Micros() {
        List<Long> sorted;
        synchronized (WAITS) {
            sorted = new ArrayList<>(WAITS);
            WAITS.clear();
        }
        Collections.sort(sorted);
        return sorted.isEmpty() ? 0 : TimeUnit.NANOSECONDS.toMicros(sorted.get(sorted.size() * 99 / 100));
    }
}
