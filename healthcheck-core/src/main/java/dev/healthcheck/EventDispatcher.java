package dev.healthcheck;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what happens to the log and then to the listeners, in order, on one thread at a time. Whoever adds an event
 * never waits and meets no exception: the queue is bounded and loses its oldest entry when it is full; an event for
 * which there is no memory is lost, too. What is lost is counted.
 *
 * <p>Invariant: while an event waits, a delivery is going on or on its way. The exception is a delivery for which there
 * was no thread and no room to wait for one: the next event asks for it again.
 */
final class EventDispatcher {
    private static final Logger LOG = LoggerFactory.getLogger("dev.healthcheck");
    private static final String THREAD_NAME = "healthcheck-events";
    private static final int MOST = 4096;

    private final Executor executor;
    private final List<HealthListener> listeners = new CopyOnWriteArrayList<>();
    /** Used by the delivering thread only. */
    private final StatusLog statusLog = new StatusLog(LOG);
    // These two are made beforehand: they are needed most when memory is short.
    private final Runnable delivery = this::deliver;
    private final Event loss = new Event(log -> sayLost(), null);

    private volatile boolean quiet;

    private final Object lock = new Object();

    // Guarded by lock. The queue is linked by hand: to add to it calls nothing that could fail half-way.
    private @Nullable Event first;
    private @Nullable Event last;
    private int size;
    private long lost;
    /** A delivery is on its way. */
    private boolean asked;
    /** A delivery is going on. */
    private boolean delivering;

    EventDispatcher(Executor executor) {
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
        try {
            add(new Event(log -> log.ran(report), listener -> listener.onRun(report)));
        } catch (Throwable t) {
            lose();
        }
    }

    /** The pair of status and reason is another one now; {@code lateNanos}: by how much the timer was late to see it. */
    void changed(StatusChange change, @Nullable Verdict last, CheckReport report, long lateNanos) {
        boolean nowQuiet = quiet;
        try {
            add(new Event(
                    log -> log.changed(change, last, report.verdict(), lateNanos, nowQuiet),
                    listener -> listener.onChange(change)));
        } catch (Throwable t) {
            lose();
        }
    }

    void stillDown(CheckReport report) {
        boolean nowQuiet = quiet;
        try {
            add(new Event(log -> log.stillDown(report, nowQuiet), null));
        } catch (Throwable t) {
            lose();
        }
    }

    /** {@code stack} is asked where the lost thread is when the line is written. */
    void threadLost(String check, boolean onStage, Supplier<List<StackTraceElement>> stack, boolean replaced) {
        try {
            add(new Event(log -> log.threadLost(check, onStage, stack.get(), replaced), null));
        } catch (Throwable t) {
            lose();
        }
    }

    void say(Consumer<Logger> line) {
        try {
            add(new Event(log -> line.accept(LOG), null));
        } catch (Throwable t) {
            lose();
        }
    }

    private void add(Event event) {
        synchronized (lock) {
            if (first == null || last == null) {
                first = event;
            } else {
                last.next = event;
            }
            last = event;
            if (size == MOST) {
                first = first.next;
                lost++;
            } else {
                size++;
            }
            if (asked || delivering) {
                return;
            }
        }
        ask();
    }

    private void lose() {
        synchronized (lock) {
            lost++;
        }
    }

    private void ask() {
        synchronized (lock) {
            if (asked || delivering) {
                return;
            }
            asked = true;
        }
        try {
            executor.execute(delivery);
        } catch (Throwable t) {
            synchronized (lock) {
                asked = false;
            }
        }
    }

    private void deliver() {
        if (!begin()) {
            return;
        }
        Thread current = Thread.currentThread();
        Threads.rename(current, THREAD_NAME);
        try {
            ThreadState state = ThreadState.ofOwn(current);
            for (Event event = next(); event != null; event = next()) {
                tell(event, state);
            }
        } catch (Throwable t) { // the thread is being stopped, or worse
            askAgain();
            throw t;
        }
    }

    /** False if another delivery is going on, which an executor can bring about that both accepts and throws. */
    private boolean begin() {
        synchronized (lock) {
            boolean begins = !delivering;
            delivering = true;
            asked = false;
            return begins;
        }
    }

    private @Nullable Event next() {
        synchronized (lock) {
            if (lost > 0) {
                return loss;
            }
            Event event = first;
            if (event == null) {
                delivering = false;
            } else {
                first = event.next;
                size--;
            }
            return event;
        }
    }

    private void askAgain() {
        synchronized (lock) {
            delivering = false;
        }
        ask();
    }

    private void tell(Event event, ThreadState state) {
        try {
            Throwable thrown = contained(event.line, statusLog, state);
            if (thrown != null) {
                sayThrown("a line could not be written to the log", thrown);
            }
            if (event.news != null) {
                for (HealthListener listener : listeners) {
                    tell(listener, event.news, state);
                }
            }
        } catch (Throwable t) {
            lose();
        }
    }

    private static void tell(HealthListener listener, Consumer<HealthListener> news, ThreadState state) {
        Throwable thrown = contained(news, listener, state);
        if (thrown != null) {
            sayThrown("listener " + StatusLog.oneLine(listener.getClass().getName()) + " threw", thrown);
        }
    }

    /** Returns what it threw, an Error, too: neither that nor what it leaves behind is a matter of those told next. */
    private static <T> @Nullable Throwable contained(Consumer<T> foreign, T with, ThreadState state) {
        try {
            foreign.accept(with);
            return null;
        } catch (Throwable t) {
            return t;
        } finally {
            state.restoreInterrupt();
            state.restore();
            Threads.rename(Thread.currentThread(), THREAD_NAME);
        }
    }

    private void sayLost() {
        long count;
        synchronized (lock) {
            count = lost;
            lost = 0;
        }
        LOG.warn("{} events lost: the log or a listener is too slow, or memory ran short", count);
    }

    private static void sayThrown(String what, Throwable thrown) {
        try {
            LOG.warn(what, thrown);
        } catch (Throwable t) {
            sayWithout(thrown, what);
        }
    }

    /** As text, for a logger that asks a foreign exception for its message or its stack may meet anything. */
    private static void sayWithout(Throwable thrown, String what) {
        try {
            LOG.warn("{}: {}", what, StatusLog.oneLine(PlainText.ofCauses(thrown)));
        } catch (Throwable t) {
            // a logger that throws cannot be told of
        }
    }

    /** A line for the log, then news for each listener, if it is any for them. */
    private static final class Event {
        final Consumer<StatusLog> line;
        final @Nullable Consumer<HealthListener> news;
        /** The one added after this; guarded by lock. */
        @Nullable
        Event next;

        Event(Consumer<StatusLog> line, @Nullable Consumer<HealthListener> news) {
            this.line = line;
            this.news = news;
        }
    }
}
