package dev.healthcheck;

import java.util.List;
import java.util.Locale;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timestamp;
import org.jspecify.annotations.Nullable;

/**
 * Records runs, changes and lost threads for JFR. Thread-safe. Its methods throw nothing: a recording is no reason to
 * lose a result.
 *
 * <p>Invariant: an event holds names, codes, dates and stacks, and no text of a check or an exception, which may hold
 * secrets. This class and its events are loaded only in a JVM that uses JFR, as {@code jdk.jfr} is an optional module.
 */
final class JfrEvents implements HealthListener {
    private static final int MOST_FRAMES = 64;

    /** Begins the event of a run on this thread; null if nothing records it. */
    @Nullable
    OfRun begin() {
        try {
            OfRun run = new OfRun();
            if (!run.isEnabled()) {
                return null;
            }
            run.begin();
            return run;
        } catch (Throwable t) { // for want of memory or stack
            return null;
        }
    }

    @Override
    public void onChange(StatusChange change) {
        try {
            OfChange event = new OfChange();
            if (event.isEnabled()) {
                event.check = change.check();
                event.from = textOf(change.from());
                event.to = change.to().name();
                event.reason = change.reason();
                event.ref = change.ref();
                event.at = change.at().toEpochMilli();
                event.commit();
            }
        } catch (Throwable t) {
            // there is no memory for the event
        }
    }

    @Override
    public void onProbe(ProbeChange change) {
        try {
            OfChange event = new OfChange();
            if (event.isEnabled()) {
                event.probe = change.probe() == null
                        ? "overall"
                        : change.probe().name().toLowerCase(Locale.ROOT);
                event.from = textOf(change.from());
                event.to = change.to().name();
                event.reason = change.reason();
                event.at = change.at().toEpochMilli();
                event.commit();
            }
        } catch (Throwable t) {
            // there is no memory for the event
        }
    }

    /** The run of {@code check} is lost; {@code stack} is where its thread is, empty if it holds none. */
    void onLostThread(String check, List<StackTraceElement> stack) {
        try {
            OfLostThread event = new OfLostThread();
            if (event.isEnabled()) {
                event.check = check;
                event.stack = textOf(stack);
                event.commit();
            }
        } catch (Throwable t) {
            // there is no memory for the event
        }
    }

    private static @Nullable String textOf(@Nullable Status status) {
        return status == null ? null : status.name();
    }

    private static String textOf(List<StackTraceElement> stack) {
        StringBuilder text = new StringBuilder();
        for (StackTraceElement frame : stack.subList(0, Math.min(stack.size(), MOST_FRAMES))) {
            text.append(text.isEmpty() ? "" : "\n").append(frame);
        }
        int more = stack.size() - MOST_FRAMES;
        return more > 0 ? text.append("\n... ").append(more).append(" more").toString() : text.toString();
    }

    /** One call of a check. JFR has the time of its begin and its duration. */
    @Name("dev.healthcheck.Run")
    @Label("Health Check Run")
    @Description("A check was called and has ended")
    @Category("Health")
    @StackTrace(false)
    static final class OfRun extends Event {
        @Label("Check")
        @Nullable
        String check;

        @Label("Status")
        @Description("What the check found, before thresholds")
        @Nullable
        String status;

        @Label("Reason")
        @Nullable
        String reason;

        @Label("Deadline Missed")
        @Description("The run ended after its deadline")
        boolean deadlineMissed;

        /** Records that the run has ended, on whichever thread. */
        void end(String name, CheckResult found, boolean late) {
            end();
            check = name;
            status = found.status().name();
            reason = found.reason();
            deadlineMissed = late;
            commit();
        }
    }

    /** A change of a check, or of the whole of a probe. */
    @Name("dev.healthcheck.Change")
    @Label("Health Change")
    @Description("The status or the reason of a check or of a probe has changed")
    @Category("Health")
    @StackTrace(false)
    static final class OfChange extends Event {
        @Label("Check")
        @Description("Null if the whole of a probe has changed")
        @Nullable
        String check;

        @Label("Probe")
        @Description("The probe whose whole has changed, or overall; null if a check has changed")
        @Nullable
        String probe;

        @Label("From")
        @Description("The status before; null at first")
        @Nullable
        String from;

        @Label("To")
        @Nullable
        String to;

        @Label("Reason")
        @Nullable
        String reason;

        @Label("Ref")
        @Description("The mark of the line in the log")
        @Nullable
        String ref;

        @Label("At")
        @Description("When it changed; the event comes after the line in the log")
        @Timestamp(Timestamp.MILLISECONDS_SINCE_EPOCH)
        long at;
    }

    /** A run that does not return and may never do so. */
    @Name("dev.healthcheck.LostThread")
    @Label("Lost Thread of a Health Check")
    @Description("A run does not return; its thread is lost")
    @Category("Health")
    @StackTrace(false)
    static final class OfLostThread extends Event {
        @Label("Check")
        @Nullable
        String check;

        @Label("Stack")
        @Description("Where the thread is; empty if the run waits for a stage and holds no thread")
        @Nullable
        String stack;
    }
}
