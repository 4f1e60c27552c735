package dev.healthcheck.jdbc;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads that do the same again and again. */
final class Threads implements AutoCloseable {
    final AtomicInteger rounds = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();

    Threads(String name, int size, Runnable task) {
        for (int i = 0; i < size; i++) {
            Thread thread = new Thread(() -> repeat(task), name);
            threads.add(thread);
            thread.start();
        }
    }

    private void repeat(Runnable task) {
        while (!over.get()) {
            task.run();
            rounds.incrementAndGet();
        }
    }

    @Override
    public void close() {
        over.set(true);
        for (Thread thread : threads) {
            await().atMost(Duration.ofSeconds(40)).until(() -> !thread.isAlive());
        }
    }
}
