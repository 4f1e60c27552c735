package dev.healthcheck;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers events to the log and then to the listeners, in order, on one thread at a time. Thread-safe. Adding an event
 * neither blocks nor throws: the queue is bounded and drops its oldest event when it is full, and an event for which
 * there is no memory is lost, too. The dispatcher counts the lost events and logs the number.
 *
 * <p>Invariant: while an event waits, a delivery is in progress or requested. The exception is a delivery for which
 * there was neither a thread nor memory to wait for one: the next event requests it again.
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

    // Guarded by lock. The queue is linked by hand: adding to it calls nothing that could fail half-way.
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

    /** From now on the log has no line above INFO because of a check that goes DOWN: the application is stopping. */
    void quiet() {
        quiet = true;
    }

    /** Returns whether a listener or the log wants each run. Asks the logger, so it must not be called under a lock. */
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

    /** Status or reason has changed; the timer noticed it {@code lateNanos} too late; {@code calm} forbids warnings. */
    void changed(StatusChange change, @Nullable Verdict last, CheckReport report, long lateNanos, boolean calm) {
        boolean nowQuiet = calm || quiet;
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

    /** The check flapped and has not changed for a while. */
    void settled(CheckReport report, long now) {
        boolean nowQuiet = quiet;
        try {
            add(new Event(log -> log.settled(report, now, nowQuiet), null));
        } catch (Throwable t) {
            lose();
        }
    }

    /** The check was {@code last} when it was unregistered; {@code runs} if one of its runs goes on. */
    void unregistered(CheckReport last, boolean runs, long now) {
        try {
            add(new Event(log -> log.unregistered(last, runs, now), null));
        } catch (Throwable t) {
            lose();
        }
    }

    /** {@code onStage} and {@code stack} are asked when the line is written, so that they tell the same moment. */
    void threadLost(String check, BooleanSupplier onStage, Supplier<List<StackTraceElement>> stack, boolean replaced) {
        try {
            add(new Event(log -> log.threadLost(check, onStage.getAsBoolean(), stack.get(), replaced), null));
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
        boolean taken = false;
        try {
            executor.execute(delivery);
            taken = true;
        } catch (Throwable t) {
            // The next event asks again.
        } finally { // needs no class, so that it runs even at the end of a stack on which Throwable cannot be resolved
            if (!taken) {
                synchronized (lock) {
                    asked = false;
                }
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

    /** Returns false if another delivery is in progress: an executor may accept a task and throw all the same. */
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

    /**
     * Calls foreign code. Returns what it throws, Errors too, and restores the thread for the code that is called next.
     */
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

    /** Logs the exception as text, as a logger may fail when it asks a foreign exception for its message or stack. */
    private static void sayWithout(Throwable thrown, String what) {
        try {
            LOG.warn("{}: {}", what, StatusLog.oneLine(PlainText.ofCauses(thrown)));
        } catch (Throwable t) {
            // there is no other way to report a logger that throws
        }
    }

    /** A line for the log, and a call of each listener if the event concerns them. */
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
