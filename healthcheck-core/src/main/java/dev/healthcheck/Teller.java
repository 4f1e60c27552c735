package dev.healthcheck;

import dev.healthcheck.Event.OfIntroduction;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Tells one event after the other: to the log, then to JFR, then to each listener. Used by the delivering thread only.
 *
 * <p>Invariant: how far an event has been told stands in fields, and each step can be taken twice or is counted before
 * it is taken. So after a failure anywhere the next call goes on where that one ended: no listener is left out, and none
 * is told twice. A {@code catch} would not be enough: a JVM without memory for the objects that its compiler had left out
 * ends a method without its handlers.
 */
final class Teller {
    private static final Member[] NOBODY = {};

    private final Logger log;
    private final String threadName;
    private final List<Member> members;
    private final Supplier<@Nullable HealthListener> recorder;
    private final StatusLog statusLog;
    private final ToldState toldState = new ToldState();

    private @Nullable ThreadState thread;

    /** The event that is being told; null between two. */
    private @Nullable Event event;
    /** All is ready for it; nothing that follows needs memory. */
    private boolean prepared;

    private boolean written;
    private List<ProbeChange> probes = List.of();
    private Member[] listeners = NOBODY;
    /** The number of listeners that have heard all of it. */
    private int finished;
    /** The number of calls that the next one has got. */
    private int called;

    /** Creates a teller for the listeners that are {@code members} when an event is told. */
    Teller(Logger log, String threadName, List<Member> members, Supplier<@Nullable HealthListener> recorder) {
        this.log = log;
        this.threadName = threadName;
        this.members = members;
        this.recorder = recorder;
        statusLog = new StatusLog(log);
    }

    /** Tells all that follows on {@code current}, which is a thread of the registry. */
    void useThread(Thread current) {
        Threads.rename(current, threadName);
        thread = ThreadState.ofOwn(current);
    }

    /** Returns the event that was begun and has not been told to all; null if there is none. */
    @Nullable
    Event unfinished() {
        return event;
    }

    /** Makes {@code next} the event to tell, if it is not null. There must be no unfinished one. Needs no memory. */
    void begin(@Nullable Event next) {
        prepared = false;
        written = false;
        finished = 0;
        called = 0;
        event = next;
    }

    /** Tells all those of the event that have not heard it. Throws whatever keeps it from that; call it again then. */
    void proceed() {
        Event current = event;
        if (current == null) {
            return;
        }
        prepare(current);
        write(current);
        while (finished < listeners.length) {
            tell(current, listeners[finished]);
            called = 0;
            finished++;
        }
        listeners = NOBODY;
        probes = List.of();
        event = null;
    }

    private void prepare(Event current) {
        if (!prepared) {
            current.prepare(toldState);
            listeners = members.toArray(NOBODY);
            Instant at = current.at();
            probes = at == null ? List.of() : toldState.news(at);
            prepared = true;
        }
        toldState.told(probes);
    }

    private void write(Event current) {
        if (!written) {
            written = true;
            writeLine(current);
            record(current);
        }
    }

    private void writeLine(Event current) {
        try {
            current.write(statusLog);
        } catch (Throwable t) {
            restoreThread();
            sayThrown("a line could not be written to the log", t);
        } finally {
            restoreThread();
        }
    }

    /** Tells JFR, if that is in use. Never throws: the listeners would not be told. */
    private void record(Event current) {
        try {
            HealthListener jfr = recorder.get();
            if (jfr == null || current instanceof OfIntroduction) {
                return;
            }
            for (int call = 0; call < current.calls(); call++) {
                current.tell(jfr, call);
            }
            for (int change = 0; change < probes.size(); change++) {
                jfr.onProbe(probes.get(change));
            }
        } catch (Throwable t) {
            // there is no memory or stack for it
        }
    }

    private void tell(Event current, Member member) {
        if (called == 0 && !member.hears(current)) {
            return;
        }
        int calls = current.calls() + probes.size();
        while (called < calls && !member.removed) {
            tell(current, called++, member.listener);
        }
        member.introduced = true;
    }

    private void tell(Event current, int call, HealthListener listener) {
        try {
            if (call < current.calls()) {
                current.tell(listener, call);
            } else {
                listener.onProbe(probes.get(call - current.calls()));
            }
        } catch (Throwable t) {
            restoreThread();
            sayListenerThrew(listener, t);
        } finally {
            restoreThread();
        }
    }

    /**
     * Restores the thread, on which foreign code has run, for the code that is called next. Never throws: the event that
     * is being told would be late for those who have not got it yet.
     */
    private void restoreThread() {
        try {
            ThreadState state = thread;
            if (state != null) {
                state.restoreInterrupt();
                state.restore();
                Threads.rename(Thread.currentThread(), threadName);
            }
        } catch (Throwable t) {
            // There is no memory for it; the next call restores the thread.
        }
    }

    private void sayListenerThrew(HealthListener listener, Throwable thrown) {
        try {
            sayThrown("listener " + StatusLog.oneLine(listener.getClass().getName()) + " threw", thrown);
        } catch (Throwable t) {
            // there is no memory for its name
        }
    }

    private void sayThrown(String what, Throwable thrown) {
        try {
            log.warn(what, thrown);
        } catch (Throwable t) {
            sayWithout(thrown, what);
        }
    }

    /** Logs the exception as text, as a logger may fail when it asks a foreign exception for its message or stack. */
    private void sayWithout(Throwable thrown, String what) {
        try {
            log.warn("{}: {}", what, StatusLog.oneLine(PlainText.ofCauses(thrown)));
        } catch (Throwable t) {
            // there is no other way to report a logger that throws
        }
    }
}
