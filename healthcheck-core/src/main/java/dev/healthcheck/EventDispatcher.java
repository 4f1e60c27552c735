package dev.healthcheck;

import dev.healthcheck.Event.OfChange;
import dev.healthcheck.Event.OfClose;
import dev.healthcheck.Event.OfDrain;
import dev.healthcheck.Event.OfIntroduction;
import dev.healthcheck.Event.OfLine;
import dev.healthcheck.Event.OfPass;
import dev.healthcheck.Event.OfRun;
import dev.healthcheck.Event.OfState;
import dev.healthcheck.EventQueue.Losses;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers events to the log and then to the listeners, in order, on one thread at a time. Thread-safe. Adding an event
 * neither blocks nor throws. The {@linkplain EventQueue queue} is bounded; the dispatcher logs how much it has dropped
 * and merged. A change is never dropped, not even for want of memory.
 *
 * <p>Invariant: while an event waits, a delivery is in progress or requested, or there was neither a thread nor memory
 * for it. Then the {@linkplain #onShortage callback} was called, and the next event requests the delivery again. An
 * event that concerns only listeners may wait for the next one while there is no listener.
 */
class EventDispatcher {
    private static final Logger LOG = LoggerFactory.getLogger("dev.healthcheck");
    private static final String THREAD_NAME = "healthcheck-events";

    private static final long LOOK_FOR_JFR_AFTER = TimeUnit.SECONDS.toNanos(1);

    private final Executor executor;
    private final Ticker ticker;
    private final OncePerMinute lossIsDue;
    private final List<Member> members = new CopyOnWriteArrayList<>();
    /** Used by the delivering thread; under the lock while nobody delivers. */
    private final Teller teller = // a reference to the method would load JfrEvents
            new Teller(LOG, THREAD_NAME, members, () -> recorder());
    // These are made beforehand: they are needed most when memory is short.
    private final Delivery delivery = new Delivery();
    private final Event loss = new OfLine(log -> sayLost());
    private final OfIntroduction introduction = new OfIntroduction();
    private final OfDrain drain = new OfDrain();
    private final OfClose close = new OfClose();
    /** Has the content of the spare event of a check while it is told, as the check may need its spare event. */
    private final OfChange told = new OfChange();

    /** Null until the JVM uses JFR. */
    private volatile @Nullable JfrEvents recorder;
    /** When to look for it next; a look too many does no harm. */
    private volatile long lookForJfrAt;

    private volatile boolean quiet;
    private volatile Runnable shortage = () -> {};

    private final Object lock = new Object();

    // guarded by lock
    private final EventQueue queue;
    /** Brings a change into the queue for which there was no memory; empty otherwise. */
    private final OfChange substitute = new OfChange();
    /** A delivery is on its way. */
    private boolean asked;
    /** A delivery is going on. */
    private boolean delivering;
    /** Something has been told. */
    private boolean begun;
    /** A listener has been added since then that does not know what has been told. */
    private boolean introduces;

    /** Creates a dispatcher that keeps {@code mostOfOne} untold changes of one check. */
    EventDispatcher(Executor executor, Ticker ticker, int mostOfOne) {
        this.executor = executor;
        this.ticker = ticker;
        lookForJfrAt = ticker.nanos();
        lossIsDue = new OncePerMinute(ticker);
        queue = new EventQueue(mostOfOne);
    }

    EventDispatcher(Executor executor, Ticker ticker) {
        this(executor, ticker, EventQueue.MOST_OF_ONE);
    }

    /** Has {@code callback} called when {@link #retry} has to be called a little later. It must not block. */
    void onShortage(Runnable callback) {
        shortage = callback;
    }

    void addListener(HealthListener listener) {
        Member member = new Member(listener);
        synchronized (lock) {
            member.introduced = !begun;
            members.add(member);
            introduces |= begun;
        }
        retry();
    }

    void removeListener(HealthListener listener) {
        Member member = find(listener);
        while (member != null && !members.remove(member)) { // another thread was faster
            member = find(listener);
        }
        if (member != null) {
            member.removed = true;
        }
    }

    private @Nullable Member find(HealthListener listener) {
        for (Member member : members) {
            if (listener.equals(member.listener)) {
                return member;
            }
        }
        return null;
    }

    /**
     * The registry drains. From now on the log has no line above INFO because of a check that goes DOWN: the application
     * is stopping. Must be called once at most.
     */
    void draining(Instant at) {
        quiet = true;
        drain.fill(at);
        add(drain);
        ask();
    }

    /** The registry is closed, and the log is as quiet as while it drains. Must be called once at most. */
    void closed(Instant at) {
        quiet = true;
        close.fill(at);
        add(close);
        askForListeners();
    }

    private void add(OfState state) {
        synchronized (lock) {
            queue.add(state);
        }
    }

    /** Returns the number of events that were not told one by one, since the beginning. */
    long lost() {
        synchronized (lock) {
            return queue.lost();
        }
    }

    /** Returns whether a listener or the log wants each run. Asks the logger, so it must not be called under a lock. */
    boolean wantsRuns() {
        try {
            return !members.isEmpty() || LOG.isDebugEnabled();
        } catch (Throwable t) { // a logger is no reason to lose a result
            return false;
        }
    }

    /**
     * Returns what records events for JFR; null if no recording can be on. Looks for JFR once a second at most, as a look
     * takes longer than all else that a run costs here. Loads no class before the JVM uses JFR. Never throws.
     */
    @Nullable
    JfrEvents recorder(long now) {
        JfrEvents known = recorder;
        if (known != null || now - lookForJfrAt < 0) {
            return known;
        }
        lookForJfrAt = now + LOOK_FOR_JFR_AFTER;
        try {
            known = isJfrInUse() ? new JfrEvents() : null;
        } catch (Throwable t) { // for want of memory, or the application's module does not let us read that of JFR
            return null;
        }
        recorder = known;
        return known;
    }

    /**
     * Returns whether somebody records, or has. The look at the boot loader comes first and loads nothing: to ask the
     * recorder itself would load a class into every JVM. Management has some classes of JFR loaded, too.
     */
    @SuppressWarnings("deprecation") // it is the only look at the boot loader that loads nothing
    private static boolean isJfrInUse() {
        return Package.getPackage("jdk.jfr") != null && FlightRecorder.isInitialized();
    }

    void ran(Outbox outbox, CheckReport report) {
        try {
            OfRun run = new OfRun(outbox, report);
            synchronized (lock) {
                queue.add(run);
            }
            ask();
        } catch (Throwable t) {
            synchronized (lock) {
                queue.dropRun();
            }
        }
    }

    /** Status or reason has changed; the timer noticed it {@code lateNanos} too late; {@code calm} forbids warnings. */
    void changed(
            Outbox outbox, @Nullable Verdict before, CheckReport report, Instant at, long lateNanos, boolean calm) {
        boolean nowQuiet = calm || quiet;
        OfChange change = changeOrNull();
        synchronized (lock) {
            if (change == null) {
                substitute.fill(outbox.check, before, report, at, lateNanos, nowQuiet);
                queue.merge(outbox, substitute);
            } else {
                change.fill(outbox.check, before, report, at, lateNanos, nowQuiet);
                queue.add(outbox, change);
            }
        }
        ask();
    }

    private @Nullable OfChange changeOrNull() {
        try {
            return newChange();
        } catch (Throwable t) { // for want of memory
            return null;
        }
    }

    /** Returns an empty event; tests make it fail. */
    OfChange newChange() {
        return new OfChange();
    }

    void stillDown(Outbox outbox, CheckReport report) {
        boolean nowQuiet = quiet;
        try {
            remind(outbox, new OfLine(log -> log.stillDown(report, nowQuiet)));
        } catch (Throwable t) {
            dropLine();
        }
    }

    /** The check flapped and has not changed for a while. */
    void settled(Outbox outbox, CheckReport report, long now) {
        boolean nowQuiet = quiet;
        try {
            remind(outbox, new OfLine(log -> log.settled(report, now, nowQuiet)));
        } catch (Throwable t) {
            dropLine();
        }
    }

    private void remind(Outbox outbox, OfLine line) {
        synchronized (lock) {
            queue.remind(outbox, line);
        }
        ask();
    }

    /** Tells that the check of {@code outbox} is registered. Call it before all other events of that check. */
    void registered(Outbox outbox, Instant at) {
        outbox.begin.fill(at);
        synchronized (lock) {
            queue.begin(outbox);
        }
        askForListeners();
    }

    /** The startup check of {@code outbox} has passed with {@code report}, after the change to that has been told. */
    void passed(Outbox outbox, CheckReport report, Instant at) {
        OfPass pass = outbox.pass;
        if (pass != null) {
            pass.fill(report, at);
            synchronized (lock) {
                queue.pass(outbox, pass);
            }
            askForListeners();
        }
    }

    /** The check of {@code outbox} is unregistered. Nothing but lines may be told of it from now on. */
    void unregistered(Outbox outbox, Instant at) {
        outbox.end.fill(at);
        synchronized (lock) {
            queue.end(outbox);
        }
        askForListeners();
    }

    /** The check of {@code outbox} is unregistered. The log says that it was {@code last}; {@code runs} if a run goes on. */
    void unregistered(Outbox outbox, CheckReport last, boolean runs, TimePoint now) {
        outbox.end.fill(now.date());
        outbox.end.say(last, runs, now.nanos());
        synchronized (lock) {
            queue.end(outbox);
        }
        ask();
    }

    /** Requests a delivery if it is of use: the log has nothing to say of the begin of a registration. */
    private void askForListeners() {
        if (!members.isEmpty() || recorder != null) {
            ask();
        }
    }

    /** {@code onStage} and {@code stack} are asked when the line is written, so that they tell the same moment. */
    void threadLost(
            Outbox outbox,
            String check,
            BooleanSupplier onStage,
            Supplier<List<StackTraceElement>> stack,
            boolean replaced) {
        try {
            add(outbox, new OfLine(log -> tellLost(log, check, onStage.getAsBoolean(), stack.get(), replaced)));
        } catch (Throwable t) {
            dropLine();
        }
    }

    private void tellLost(
            StatusLog log, String check, boolean onStage, List<StackTraceElement> stack, boolean replaced) {
        JfrEvents jfr = recorder();
        if (jfr != null) {
            jfr.onLostThread(check, stack);
        }
        log.threadLost(check, onStage, stack, replaced);
    }

    /** Writes a line that concerns no check. */
    void say(Consumer<Logger> line) {
        say(null, line);
    }

    /** Writes a line about the check of {@code outbox}, if there is one. */
    void say(@Nullable Outbox outbox, Consumer<Logger> line) {
        try {
            EnoughStack.require();
            add(outbox, new OfLine(log -> line.accept(LOG)));
        } catch (Throwable t) {
            dropLine();
        }
    }

    private void add(@Nullable Outbox outbox, OfLine line) {
        synchronized (lock) {
            if (outbox == null) {
                queue.add(line);
            } else {
                queue.add(outbox, line);
            }
        }
        ask();
    }

    private void dropLine() {
        synchronized (lock) {
            queue.dropLine();
        }
    }

    /** Requests a delivery if an event waits. Never throws. */
    void retry() {
        boolean waits;
        synchronized (lock) {
            waits = !delivering && (teller.unfinished() != null || introduces || !queue.isEmpty());
        }
        if (waits) {
            ask();
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
            retryLater();
        } finally { // needs no class, so that it runs even at the end of a stack on which Throwable cannot be resolved
            if (!taken) {
                synchronized (lock) {
                    asked = false;
                }
            }
        }
    }

    private void retryLater() {
        try {
            shortage.run();
        } catch (Throwable t) {
            // The next event asks again.
        }
    }

    /** Tells what waits. */
    final class Delivery implements Runnable {
        @Override
        public void run() {
            deliver();
        }
    }

    private void deliver() {
        if (!begin()) {
            return;
        }
        try {
            teller.useThread(Thread.currentThread());
            boolean goesOn = next();
            while (goesOn) {
                goesOn = tell() && next(); // what is postponed must not be taken by this delivery
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

    /** Gives the next event to the teller. Returns false if there is none, which ends the delivery. */
    private boolean next() {
        synchronized (lock) {
            Event event = teller.unfinished();
            if (event == null) {
                event = introduces ? introduction : isLossDue() ? loss : queue.take(told);
                introduces = false;
                teller.begin(event);
            }
            delivering = event != null;
            begun |= delivering;
            return delivering;
        }
    }

    /** One line says what was lost; while more is lost all the time, one a minute. */
    private boolean isLossDue() {
        return queue.hasLost() && (lossIsDue.isDue() || queue.isEmpty());
    }

    private void askAgain() {
        synchronized (lock) {
            delivering = false;
        }
        ask();
    }

    /** Returns false if there is no memory to tell all listeners now: the others are told later. */
    private boolean tell() {
        try {
            teller.proceed();
        } catch (Throwable t) {
            postpone();
            return false;
        }
        told.clear();
        introduction.clear();
        return true;
    }

    private void postpone() {
        synchronized (lock) {
            delivering = false;
        }
        retryLater();
    }

    /** Returns what {@link #recorder(long)} returns now. Never throws, whatever the time source does. */
    private @Nullable JfrEvents recorder() {
        try {
            return recorder(ticker.nanos());
        } catch (Throwable t) {
            return null;
        }
    }

    private void sayLost() {
        Losses losses;
        synchronized (lock) {
            losses = queue.takeLosses();
        }
        LOG.warn(losses.inWords());
    }
}
