package dev.healthcheck.orchestrators;

import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1Probe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Emulates what a kubelet concludes from the probes of one container (its package pkg/kubelet/prober). It asks from the
 * moment of its {@link #start}. Where a kubelet restarts the container, it notes that and asks that probe no more.
 *
 * <p>Thread-safe. All state is guarded by this; no lock is held while a prober asks.
 */
final class Kubelet implements AutoCloseable {
    static final String STARTUP = "startup";
    static final String LIVENESS = "liveness";
    static final String READINESS = "readiness";

    private final List<Worker> workers;
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(3);
    private final long begin = System.nanoTime();

    // guarded by this
    private final List<Note> notes = new ArrayList<>();
    private boolean started;
    private boolean ready;
    private boolean deleted;
    private int restarts;
    private Duration lastChange = Duration.ZERO;

    Kubelet(V1Container container, Function<V1Probe, Prober> probers) {
        workers = Stream.of(
                        new Worker(STARTUP, container.getStartupProbe(), probers),
                        new Worker(LIVENESS, container.getLivenessProbe(), probers),
                        new Worker(READINESS, container.getReadinessProbe(), probers))
                .toList();
    }

    /** An answer, and when it came, counted from the creation of the kubelet. */
    record Note(String probe, Duration at, Prober.Answer answer) {
        @Override
        public String toString() {
            String output = answer.output();
            return "%6.2f s %-9s after %4d ms: %s"
                    .formatted(
                            at.toMillis() / 1000.0,
                            probe,
                            answer.took().toMillis(),
                            output.substring(0, Math.min(70, output.length())));
        }
    }

    void start() {
        for (Worker worker : workers) {
            var unused = threads.scheduleAtFixedRate(
                    worker::run, 0, value(worker.probe.getPeriodSeconds(), 10), TimeUnit.SECONDS);
        }
    }

    /** Asks once, as at a tick. */
    void tick(String probe) throws InterruptedException {
        for (Worker worker : workers) {
            if (worker.name.equals(probe)) {
                worker.tick();
            }
        }
    }

    /** From now on only readiness is asked for. */
    synchronized void delete() {
        deleted = true;
    }

    synchronized boolean isStarted() {
        return started;
    }

    /** Returns whether users reach the container. */
    synchronized boolean isReady() {
        return ready;
    }

    /** Returns when {@link #isReady} changed last, by the {@linkplain #now clock} of the kubelet. */
    synchronized Duration lastChange() {
        return lastChange;
    }

    /** Returns the time since the creation of the kubelet. */
    Duration now() {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    synchronized int restarts() {
        return restarts;
    }

    synchronized List<Note> notes() {
        return List.copyOf(notes);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private static int value(Integer written, int otherwise) {
        return Optional.ofNullable(written).orElse(otherwise);
    }

    /** One probe. Its ticks do not overlap; what they conclude is guarded by the kubelet. */
    private final class Worker {
        private final String name;
        private final V1Probe probe;
        private final Prober prober;
        private boolean lastSuccess;
        private int inARow;
        private boolean onHold;

        Worker(String name, V1Probe probe, Function<V1Probe, Prober> probers) {
            this.name = name;
            this.probe = probe;
            this.prober = probers.apply(probe);
        }

        private void run() {
            try {
                tick();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // closed
            }
        }

        private void tick() throws InterruptedException {
            if (isDue()) {
                conclude(prober.ask(Duration.ofSeconds(value(probe.getTimeoutSeconds(), 1))));
            }
        }

        private boolean isDue() {
            synchronized (Kubelet.this) {
                boolean startup = name.equals(STARTUP);
                return !onHold && started != startup && (!deleted || name.equals(READINESS));
            }
        }

        private void conclude(Prober.Answer answer) {
            synchronized (Kubelet.this) {
                notes.add(new Note(name, now(), answer));
                inARow = inARow > 0 && lastSuccess == answer.success() ? inARow + 1 : 1;
                lastSuccess = answer.success();
                int threshold = answer.success()
                        ? value(probe.getSuccessThreshold(), 1)
                        : value(probe.getFailureThreshold(), 3);
                if (inARow >= threshold) {
                    set(answer.success());
                }
            }
        }

        private void set(boolean success) {
            if (name.equals(READINESS)) {
                lastChange = ready == success ? lastChange : now();
                ready = success;
            } else if (!success) {
                restarts++;
                onHold = true;
            } else if (name.equals(STARTUP)) {
                started = true;
            }
        }
    }
}
