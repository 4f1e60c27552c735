package dev.healthcheck;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what happens to the log and then to the listeners, in order, on one thread at a time. Whoever adds never
 * waits: the queue is bounded, and loses its oldest entry when full.
 */
final class Events {
    private static final Logger LOG = LoggerFactory.getLogger("dev.healthcheck");
    private static final String THREAD_NAME = "healthcheck-events";
    private static final int MOST = 4096;

    private final Executor executor;
    private final List<HealthListener> listeners = new CopyOnWriteArrayList<>();
    /** Used by the delivering thread only. */
    private final ChangeLog changeLog = new ChangeLog(LOG);

    private volatile boolean quiet;

    // guarded by queue
    private final Queue<Runnable> queue = new ArrayDeque<>();
    private long lost;
    private boolean delivering;

    Events(Executor executor) {
        this.executor = executor;
    }

    void addListener(HealthListener listener) {
        listeners.add(listener);
    }

    void removeListener(HealthListener listener) {
        listeners.remove(listener);
    }

    /** From now on it is no news that something goes down: nothing is logged above INFO because of it. */
    void quiet() {
        quiet = true;
    }

    /** Whether anybody wants to know of each run. Asks the logger, so not to be called under a lock. */
    boolean wantsRuns() {
        try {
            return !listeners.isEmpty() || LOG.isDebugEnabled();
        } catch (Throwable t) { // a logger is no reason to lose a result
            return false;
        }
    }

    void ran(CheckReport report) {
        add(() -> {
            contained(() -> changeLog.ran(report));
            tell(listener -> listener.onRun(report));
        });
    }

    /** The pair of status and reason is another one now; {@code lateNanos}: by how much the timer was late to see it. */
    void changed(StatusChange change, @Nullable Verdict last, CheckReport report, long lateNanos) {
        boolean nowQuiet = quiet;
        add(() -> {
            contained(() -> changeLog.changed(change, last, report.verdict(), lateNanos, nowQuiet));
            tell(listener -> listener.onChange(change));
        });
    }

    void stillDown(CheckReport report) {
        boolean nowQuiet = quiet;
        add(() -> changeLog.stillDown(report, nowQuiet));
    }

    void threadLost(String check, Run run, boolean replaced) {
        add(() -> changeLog.threadLost(check, run.stack(), replaced));
    }

    void say(Consumer<Logger> line) {
        add(() -> line.accept(LOG));
    }

    private void add(Runnable event) {
        synchronized (queue) {
            if (queue.size() == MOST) {
                queue.remove();
                lost++;
            }
            queue.add(event);
            if (delivering) {
                return;
            }
            delivering = true;
        }
        executor.execute(this::deliver);
    }

    private void deliver() {
        Threads.rename(Thread.currentThread(), THREAD_NAME);
        for (Runnable event = next(); event != null; event = next()) {
            contained(event);
        }
    }

    private @Nullable Runnable next() {
        synchronized (queue) {
            if (lost > 0) {
                long count = lost;
                lost = 0;
                return () -> LOG.warn("{} events lost: the log or a listener is too slow", count);
            }
            Runnable event = queue.poll();
            delivering = event != null;
            return event;
        }
    }

    private void tell(Consumer<HealthListener> news) {
        for (HealthListener listener : listeners) {
            contained(() -> news.accept(listener));
        }
    }

    private static void contained(Runnable foreign) {
        try {
            foreign.run();
        } catch (Throwable t) { // a listener's Error, too, must not keep the others from being told
            sayThrown(t);
        } finally {
            Thread.interrupted();
        }
    }

    private static void sayThrown(Throwable thrown) {
        try {
            LOG.warn("A listener or the log threw", thrown);
        } catch (Throwable t) {
            // a logger that throws cannot be told of
        }
    }
}
