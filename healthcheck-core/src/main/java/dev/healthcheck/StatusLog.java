package dev.healthcheck;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Writes one line for each change of a check, and none for each probe. Status, reason and numbers are key-value pairs,
 * too. Not thread-safe.
 */
final class StatusLog {
    private static final long RECENT = TimeUnit.MINUTES.toNanos(1);
    private static final long LATE = TimeUnit.MILLISECONDS.toNanos(100);
    /** Line breaks, direction marks and the like. Scripts and emoji need the two joiners, which are harmless. */
    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\\p{Cf}\\u2028\\u2029&&[^\\u200C\\u200D]]+");

    private final Logger log;
    private final Slf4jWriter lines;
    /** The lines written above DEBUG within the last minute, with their times, the oldest first. */
    private final Map<Line, Long> logged = new LinkedHashMap<>();

    StatusLog(Logger log) {
        this.log = log;
        lines = new Slf4jWriter(log);
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
                    .append(failedRuns(last));
        }
        append(text, change.message(), change.error(), change.ref());
        if (lateNanos > LATE) {
            text.append(" (timer ").append(Nanos.inWords(lateNanos)).append(" late: pause or CPU limit)");
        }
        write(level, pairs(change.check(), next), change.cause(), text.toString());
    }

    /** Writes without the cause if that fails: a cause is foreign, and its message or stack may throw. */
    private void write(Level level, Map<String, ?> pairs, @Nullable Throwable cause, String text) {
        try {
            lines.write(level, pairs, cause, text);
        } catch (Throwable t) {
            lines.write(level, pairs, null, text);
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
                .append(failedRuns(verdict));
        append(text, report.message(), report.error(), report.ref());
        lines.write(quiet ? Level.INFO : Level.WARN, pairs(report.name(), verdict), null, text.toString());
    }

    void ran(CheckReport report) {
        if (log.isDebugEnabled()) {
            lines.write(Level.DEBUG, pairs(report.name(), report.verdict()), null, "ran: " + report);
        }
    }

    void threadLost(String check, boolean onStage, List<StackTraceElement> stack, boolean replaced) {
        Throwable where = new Throwable("where the run is");
        where.setStackTrace(stack.toArray(new StackTraceElement[0]));
        String next = replaced ? "the registry tries another run" : "the registry tries no other run until one returns";
        String text = check
                + (onStage
                        ? ": the stage of a run does not complete; "
                        : ": a run does not return, its thread is lost; ")
                + next;
        lines.write(Level.WARN, Map.of("check", check), where, text);
    }

    private Level levelOf(StatusChange change, boolean first, boolean quiet, long now) {
        if ((first && change.to() == Status.UP) || isRecent(change, now)) {
            return Level.DEBUG;
        }
        return change.to() == Status.DOWN && !quiet ? Level.WARN : Level.INFO;
    }

    private boolean isRecent(StatusChange change, long now) {
        Iterator<Long> times = logged.values().iterator();
        while (times.hasNext() && now - times.next() > RECENT) {
            times.remove();
        }
        return logged.putIfAbsent(new Line(change.check(), change.to(), change.reason()), now) != null;
    }

    private static Map<String, Object> pairs(String check, Verdict verdict) {
        Map<String, Object> pairs = new LinkedHashMap<>();
        pairs.put("check", check);
        pairs.put("status", verdict.status());
        pairs.put("durationMs", verdict.durationNanos() / 1e6);
        pairs.put("consecutiveFailures", verdict.failures());
        if (verdict.reason() != null) {
            pairs.put("reason", verdict.reason());
        }
        if (verdict.ref() != null) {
            pairs.put("ref", verdict.ref());
        }
        return pairs;
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

    private static String failedRuns(Verdict verdict) {
        return verdict.failuresSince() + (verdict.failuresSince() == 1 ? " failed run" : " failed runs");
    }

    private static String describe(Status status, @Nullable String reason) {
        return reason == null ? status.toString() : status + " (" + reason + ")";
    }

    /** Returns a foreign text without line breaks and direction marks, so that it cannot look like other lines. */
    static String oneLine(String text) {
        return CONTROLS.matcher(text).replaceAll(" ");
    }

    /** The content of a line, as far as its repetition counts. */
    private record Line(
            String check, Status status, @Nullable String reason) {}
}
