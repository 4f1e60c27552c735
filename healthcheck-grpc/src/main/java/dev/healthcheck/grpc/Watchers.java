package dev.healthcheck.grpc;

import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.HealthListener;
import dev.healthcheck.ProbeChange;
import dev.healthcheck.StatusChange;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * The open streams of {@code Watch}, and the one thread that tells them. Thread-safe.
 *
 * <p>Invariant: while {@link #open} has a stream there is a thread, which looks after each {@link #wake} and otherwise once
 * a second. The thread ends when there is no stream. What a look sends depends only on what is known then, so a wake-up
 * that is lost or comes late costs a second and no change.
 */
final class Watchers {
    private static final long LOOK_MILLIS = 1_000;
    /** Between two looks at least: changes that come together are found by one. */
    private static final long GAP_NANOS = 10_000_000;

    private final HealthCheckRegistry registry;
    private final DeferredLog log;
    private final Set<Watcher> open = ConcurrentHashMap.newKeySet();
    /** One or more if the thread looks again without waiting. */
    private final Semaphore wakeUps = new Semaphore(0);

    private final AtomicBoolean unscheduledSaid = new AtomicBoolean();
    private final Object lock = new Object();
    /** Whether there is a thread. Guarded by the lock. */
    private boolean running;

    Watchers(HealthCheckRegistry registry, DeferredLog log) {
        this.registry = registry;
        this.log = log;
    }

    /** Adds a stream, which is told soon. Throws what the start of a thread throws; then nothing is added. */
    void add(Watcher watcher) {
        open.add(watcher);
        try {
            wakeOrStart();
        } catch (Throwable t) {
            open.remove(watcher);
            throw t;
        }
    }

    /** Forgets a stream. Does nothing if it is not open. */
    void remove(Watcher watcher) {
        if (open.remove(watcher)) {
            wake();
        }
    }

    /** Makes the thread look, if there is one. */
    void wake() {
        if (wakeUps.availablePermits() == 0) {
            wakeUps.release();
        }
    }

    private void wakeOrStart() {
        synchronized (lock) {
            if (!running) {
                thread().start();
                running = true;
            }
        }
        wake();
    }

    private Thread thread() {
        Thread thread = new Thread(null, this::run, "healthcheck-grpc", 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null); // or the thread keeps an application from being unloaded
        return thread;
    }

    private void run() {
        Waker waker = new Waker();
        contained(() -> registry.addListener(waker));
        contained(this::sayUnscheduled);
        while (hasWork()) {
            contained(this::look);
            LockSupport.parkNanos(GAP_NANOS);
            awaitWakeUp();
        }
        contained(() -> registry.removeListener(waker));
    }

    /** Returns false if there is no stream. Then this thread has to end, and is no more the thread of these streams. */
    private boolean hasWork() {
        synchronized (lock) {
            running = !open.isEmpty();
            return running;
        }
    }

    private void awaitWakeUp() {
        try {
            var unused = wakeUps.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // nobody has a reason to interrupt this thread, so it looks and goes on
        }
        wakeUps.drainPermits();
    }

    private void look() {
        Map<ServiceHealth, ServingStatus> known = new HashMap<>();
        open.removeIf(watcher -> !watcher.tell(known.computeIfAbsent(watcher.service(), this::latest)));
    }

    private ServingStatus latest(ServiceHealth service) {
        try {
            return service.latest();
        } catch (Throwable t) {
            log.write(to -> to.debug("a Watch is told without a report", t));
            return service.pending();
        }
    }

    private void sayUnscheduled() {
        List<String> names = registry.latest().checks().stream()
                .filter(check -> check.every() == null)
                .map(CheckReport::name)
                .toList();
        if (!names.isEmpty()) {
            log.writeOnce(
                    unscheduledSaid,
                    to -> to.info(
                            "Watch says NOT_SERVING while no prober asks for these checks without a schedule: {}",
                            names));
        }
    }

    /** Runs {@code action}. The thread goes on whatever happens, because streams without it would never change. */
    private void contained(Runnable action) {
        try {
            action.run();
        } catch (Throwable t) {
            log.write(to -> to.warn("a look for Watch failed", t));
        }
    }

    /** Makes the thread look when the registry tells a change. */
    private final class Waker implements HealthListener {
        @Override
        public void onChange(StatusChange change) {
            wake();
        }

        @Override
        public void onProbe(ProbeChange change) {
            wake();
        }

        @Override
        public void onRegistered(String name) {
            wake();
        }

        @Override
        public void onUnregistered(String name) {
            wake();
        }
    }
}
