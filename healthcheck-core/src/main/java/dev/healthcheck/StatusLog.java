package dev.healthcheck;

import dev.healthcheck.RecentChanges.Flapping;
import dev.healthcheck.RecentChanges.Period;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Writes one line for each change of a check, and none for each probe; fewer lines for a check that flaps. Status,
 * reason and numbers are key-value pairs, too. Immutable.
 */
final class StatusLog {
    private static final long LATE = TimeUnit.MILLISECONDS.toNanos(100);
    /** Line breaks, direction marks and the like. Scripts and emoji need the two joiners, which are harmless. */
    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\\p{Cf}\\u2028\\u2029&&[^\\u200C\\u200D]]+");

    private final Logger log;
    private final Slf4jWriter lines;

    StatusLog(Logger log) {
        this.log = log;
        lines = new Slf4jWriter(log);
    }

    /** Writes a change that stands for {@code merged} earlier ones, too, as their lines could not be written. */
    void changed(StatusChange change, @Nullable Verdict last, Verdict next, long lateNanos, boolean quiet, int merged) {
        Flapping flapping = next.changes().flapping();
        var text = new StringBuilder(change.check());
        if (flapping != null && flapping.isNews()) {
            describe(flapping, next.changes(), text).append("now ");
        } else {
            text.append(" is ");
        }
        text.append(describe(next));
        if (last != null) {
            text.append(", was ").append(describe(last));
        }
        if (merged > 0) {
            text.append(last == null ? " after " : " ")
                    .append(merged + 1)
                    .append(last == null ? " changes" : " changes ago");
        } else if (last != null && last.status() == Status.DOWN && next.status() != Status.DOWN) {
            text.append(" for ")
                    .append(Nanos.inWords(next.nanos() - last.sinceNanos()))
                    .append(", ")
                    .append(failures(last));
        }
        append(text, next, change.ref() == null && flapping != null ? flapping.ref() : change.ref());
        if (lateNanos > LATE) {
            text.append(" (timer ").append(Nanos.inWords(lateNanos)).append(" late: pause or CPU limit)");
        }
        Map<String, Object> pairs = pairs(change.check(), next);
        if (last != null) {
            pairs.put("health.from", last.status());
        }
        if (flapping != null) {
            pairs.put("health.ref", flapping.ref());
        }
        write(levelOf(last == null, next, quiet, merged > 0), pairs, change.cause(), text.toString());
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
                .append(describe(verdict))
                .append(", for ")
                .append(Nanos.inWords(verdict.nanos() - verdict.sinceNanos()))
                .append(", ")
                .append(failures(verdict));
        append(text, verdict, verdict.ref());
        write(levelOf(verdict, quiet), pairs(report.name(), verdict), report.cause(), text.toString());
    }

    /** The check flapped and has not changed for a while. */
    void settled(CheckReport report, long now, boolean quiet) {
        Verdict verdict = report.verdict();
        RecentChanges changes = verdict.changes();
        Flapping flapping = Objects.requireNonNull(changes.flapping());
        var text = new StringBuilder(report.name())
                .append(" has been ")
                .append(describe(verdict))
                .append(" for ")
                .append(Nanos.inWords(now - changes.last()))
                .append(", after it flapped for ")
                .append(Nanos.inWords(changes.last() - flapping.since()));
        append(text, verdict, flapping.ref());
        Map<String, Object> pairs = pairs(report.name(), verdict);
        pairs.put("health.ref", flapping.ref());
        write(levelOf(verdict, quiet), pairs, report.cause(), text.toString());
    }

    void draining() {
        log.info("draining: readiness is DOWN from now on");
    }

    void unregistered(CheckReport last, boolean runs, long now) {
        Verdict verdict = last.verdict();
        var text = new StringBuilder(last.name())
                .append(" is unregistered, was ")
                .append(describe(verdict))
                .append(" for ")
                .append(Nanos.inWords(now - verdict.sinceNanos()));
        if (runs) {
            text.append("; one of its runs goes on, and keeps its thread until it ends");
        }
        Map<String, Object> pairs = pairs(last.name(), verdict);
        pairs.remove("health.status");
        pairs.put("health.from", verdict.status());
        lines.write(Level.INFO, pairs, null, text.toString());
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
        lines.write(Level.WARN, Map.of("health.check", check), where, text);
    }

    private static Level levelOf(boolean first, Verdict next, boolean quiet, boolean merged) {
        Flapping flapping = next.changes().flapping();
        if (flapping != null && flapping.isNews()) {
            return quiet || next.isAnnounced() ? Level.INFO : Level.WARN;
        }
        if (!merged && (flapping != null || (first && next.ref() == null))) {
            return Level.DEBUG;
        }
        return levelOf(next, quiet);
    }

    private static Level levelOf(Verdict verdict, boolean quiet) {
        return verdict.status() == Status.DOWN && !quiet && !verdict.isAnnounced() ? Level.WARN : Level.INFO;
    }

    private static StringBuilder describe(Flapping flapping, RecentChanges changes, StringBuilder text) {
        Period summary = flapping.summary();
        if (summary == null) {
            return text.append(" flaps: ")
                    .append(changes.count())
                    .append(" changes within ")
                    .append(Nanos.inWords(changes.span()))
                    .append(", ");
        }
        return text.append(" still flaps: ")
                .append(summary.changes())
                .append(" changes within ")
                .append(Nanos.inWords(summary.to() - summary.from()))
                .append(", DOWN for ")
                .append(summary.percentDown())
                .append(" % of the time, ");
    }

    private static Map<String, Object> pairs(String check, Verdict verdict) {
        Map<String, Object> pairs = new LinkedHashMap<>();
        pairs.put("health.check", check);
        pairs.put("health.status", verdict.status());
        pairs.put("health.duration_ms", verdict.durationNanos() / 1e6);
        pairs.put("health.failures", verdict.failures());
        if (verdict.reason() != null) {
            pairs.put("health.reason", verdict.reason());
        }
        if (verdict.ref() != null) {
            pairs.put("health.ref", verdict.ref());
        }
        return pairs;
    }

    private static void append(StringBuilder text, Verdict verdict, @Nullable String ref) {
        String message = verdict.result().message();
        String error = verdict.result().error();
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

    /** An overdue run counts as many failures as it lasted timeouts, so these are not runs. */
    private static String failures(Verdict verdict) {
        return verdict.failuresSince() + (verdict.failuresSince() == 1 ? " failure" : " failures");
    }

    private static String describe(Verdict verdict) {
        Status status = verdict.status();
        return verdict.reason() == null ? status.toString() : status + " (" + verdict.reason() + ")";
    }

    /** Returns a foreign text without line breaks and direction marks, so that it cannot look like other lines. */
    static String oneLine(String text) {
        return CONTROLS.matcher(text).replaceAll(" ");
    }
}
