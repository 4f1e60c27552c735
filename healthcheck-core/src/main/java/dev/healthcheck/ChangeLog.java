package dev.healthcheck;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One line for each change of a check, none for each probe. What a machine may want to sort by travels as key-value
 * pairs. Not thread-safe.
 */
final class ChangeLog {
    private static final long RECENT = TimeUnit.MINUTES.toNanos(1);
    private static final long LATE = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long[] REMINDERS = {
        TimeUnit.MINUTES.toNanos(1), TimeUnit.MINUTES.toNanos(10), TimeUnit.MINUTES.toNanos(60)
    };

    private static final Pattern LINE_BREAKS = Pattern.compile("[\\p{Cc}\\u2028\\u2029]+");

    private final Logger log;
    /** When what was last said above DEBUG, the oldest first; what is not recent any more goes. */
    private final Map<Said, Long> said = new LinkedHashMap<>();

    ChangeLog(Logger log) {
        this.log = log;
    }

    /** Whether a check that is DOWN has now been so for one of the times worth a reminder. */
    static boolean isReminderDue(Verdict last, Verdict next) {
        if (next.status() != Status.DOWN || last.status() != Status.DOWN) {
            return false;
        }
        for (long reminder : REMINDERS) {
            if (last.nanos() - next.sinceNanos() < reminder && next.nanos() - next.sinceNanos() >= reminder) {
                return true;
            }
        }
        return false;
    }

    void changed(StatusChange change, @Nullable Verdict last, Verdict next, long lateNanos, boolean quiet) {
        Level level = levelOf(change, last == null, quiet, next.nanos());
        var text = new StringBuilder(change.check()).append(" is ").append(describe(change.to(), change.reason()));
        if (last != null) {
            text.append(", was ").append(describe(last.status(), last.reason()));
        }
        if (last != null && last.status() == Status.DOWN && next.status() != Status.DOWN) {
            text.append(" for ")
                    .append(Nanos.inWords(next.nanos() - last.sinceNanos()))
                    .append(", ")
                    .append(last.failuresSince())
                    .append(" failed runs");
        }
        append(text, change.message(), change.error(), change.ref());
        if (lateNanos > LATE) {
            text.append(" (timer ").append(Nanos.inWords(lateNanos)).append(" late: pause or CPU limit)");
        }
        write(text.toString(), change.cause(), () -> line(level, change.check(), next));
    }

    /** A cause is foreign: a logger that asks it for its message or stack may meet anything. */
    private static void write(String text, @Nullable Throwable cause, Supplier<LoggingEventBuilder> line) {
        try {
            line.get().setCause(cause).log(text);
        } catch (Throwable t) {
            line.get().log(text);
        }
    }

    void stillDown(CheckReport report, boolean quiet) {
        Verdict verdict = report.verdict();
        var text = new StringBuilder(report.name())
                .append(" is still ")
                .append(describe(verdict.status(), verdict.reason()))
                .append(", for ")
                .append(Nanos.inWords(verdict.nanos() - verdict.sinceNanos()))
                .append(", ")
                .append(verdict.failuresSince())
                .append(" failed runs");
        append(text, report.message(), report.error(), report.ref());
        line(quiet ? Level.INFO : Level.WARN, report.name(), verdict).log(text.toString());
    }

    void ran(CheckReport report) {
        line(Level.DEBUG, report.name(), report.verdict()).log("{}", report);
    }

    void threadLost(String check, List<StackTraceElement> stack, boolean replaced) {
        Throwable where = new Throwable("where the run is");
        where.setStackTrace(stack.toArray(new StackTraceElement[0]));
        log.atWarn()
                .addKeyValue("check", check)
                .setCause(where)
                .log(
                        "{}: a run does not come back, its thread is lost; {}",
                        check,
                        replaced ? "another run is tried" : "no other run is tried until one comes back");
    }

    private Level levelOf(StatusChange change, boolean first, boolean quiet, long now) {
        if ((first && change.to() == Status.UP) || isRecent(change, now)) {
            return Level.DEBUG;
        }
        return change.to() == Status.DOWN && !quiet ? Level.WARN : Level.INFO;
    }

    private boolean isRecent(StatusChange change, long now) {
        Iterator<Long> times = said.values().iterator();
        while (times.hasNext() && now - times.next() > RECENT) {
            times.remove();
        }
        return said.putIfAbsent(new Said(change.check(), change.to(), change.reason()), now) != null;
    }

    private LoggingEventBuilder line(Level level, String check, Verdict verdict) {
        LoggingEventBuilder line = log.atLevel(level)
                .addKeyValue("check", check)
                .addKeyValue("status", verdict.status())
                .addKeyValue("durationMs", verdict.durationNanos() / 1e6)
                .addKeyValue("consecutiveFailures", verdict.failures());
        if (verdict.reason() != null) {
            line = line.addKeyValue("reason", verdict.reason());
        }
        return verdict.ref() == null ? line : line.addKeyValue("ref", verdict.ref());
    }

    private static void append(
            StringBuilder text, @Nullable String message, @Nullable String error, @Nullable String ref) {
        if (message != null) {
            text.append(": ").append(oneLine(message));
        }
        if (error != null) {
            text.append(": ").append(oneLine(error));
        }
        if (ref != null) {
            text.append(" [ref ").append(ref).append(']');
        }
    }

    private static String describe(Status status, @Nullable String reason) {
        return reason == null ? status.toString() : status + " (" + reason + ")";
    }

    /** A message is not ours: it must not be able to look like a line of its own. */
    private static String oneLine(String text) {
        return LINE_BREAKS.matcher(text).replaceAll(" ");
    }

    /** What was said of whom. */
    private record Said(
            String check, Status status, @Nullable String reason) {}
}
