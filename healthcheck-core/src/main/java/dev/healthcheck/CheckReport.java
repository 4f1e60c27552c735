package dev.healthcheck;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one check. Immutable, but for {@link #runs()}, {@link #changes()} and {@link #stuckStack()}, which
 * are read when they are called.
 *
 * <p>The same instance is given out until there is a new verdict. What is derived from it, an encoded form for
 * instance, can therefore be kept beside it and compared by identity.
 *
 * <p>Message, details, cause, error and stack may hold secrets; everything else is for everybody.
 */
public final class CheckReport {
    private final Subject subject;
    private final Verdict verdict;
    private final @Nullable Supplier<List<StackTraceElement>> stuckStack;
    private final long runningNanos;

    CheckReport(Subject subject, Verdict verdict) {
        this(subject, verdict, 0, null);
    }

    private CheckReport(
            Subject subject,
            Verdict verdict,
            long runningNanos,
            @Nullable Supplier<List<StackTraceElement>> stuckStack) {
        this.subject = subject;
        this.verdict = verdict;
        this.runningNanos = runningNanos;
        this.stuckStack = stuckStack;
    }

    /**
     * Returns this report for a check that is stuck in a run that has lasted {@code running} nanoseconds.
     *
     * @param known whether the verdict says more than that no answer has come
     * @param stack finds out where the thread of the run is
     */
    CheckReport stuck(long running, boolean known, Supplier<List<StackTraceElement>> stack) {
        String lasting = "has been running for " + Nanos.inWords(running);
        CheckResult result = known
                ? verdict.result().andSaying(lasting)
                : CheckResult.down(lasting).withReason("stuck");
        return new CheckReport(subject, verdict.shownWith(result), running, stack);
    }

    /** The same when no run has ended for too long. */
    CheckReport stale(Duration limit) {
        return new CheckReport(subject, verdict.stale(limit));
    }

    Verdict verdict() {
        return verdict;
    }

    /** Returns the change from {@code before}, null for none, to this report. */
    StatusChange changeFrom(@Nullable Verdict before, Instant at) {
        Status from = before == null ? null : before.status();
        return new StatusChange(name(), from, status(), reason(), at, ref(), message(), error(), cause());
    }

    /**
     * The name under which the check is registered.
     *
     * @return the name
     */
    public String name() {
        return subject.name();
    }

    /**
     * Whether DOWN of this check is DOWN of the report.
     *
     * @return false for an optional check
     */
    public boolean required() {
        return subject.required();
    }

    /**
     * How well it is, after thresholds.
     *
     * @return the status
     */
    public Status status() {
        return verdict.status();
    }

    /**
     * Why, as a code: the check's own, or {@code timeout}, {@code stuck}, {@code pending}, {@code stale},
     * {@code recovering}, {@code threw}, {@code rejected}, {@code slow}, {@code asks-itself}. Of the last run, also while a
     * threshold still holds the status.
     *
     * @return null if none was given
     */
    public @Nullable String reason() {
        return verdict.reason();
    }

    /**
     * Why, for people. Private.
     *
     * @return null if none was given
     */
    public @Nullable String message() {
        return verdict.result().message();
    }

    /**
     * What else the check said. Private. See {@link CheckResult#details()}.
     *
     * @return unmodifiable
     */
    public Map<String, @Nullable Object> details() {
        return verdict.result().details();
    }

    /**
     * What was thrown. Private.
     *
     * @return null if there is none
     */
    public @Nullable Throwable cause() {
        return verdict.result().cause();
    }

    /**
     * Class and message of the cause and of its causes, as text. Private.
     *
     * @return null if there is no cause
     */
    public @Nullable String error() {
        return verdict.result().error();
    }

    /**
     * How long the last run took; for an overdue one, how long it had taken when it was judged.
     *
     * @return zero if there was no run yet
     */
    public Duration duration() {
        return Duration.ofNanos(verdict.durationNanos());
    }

    /**
     * When the last run ended or was judged overdue.
     *
     * @return null if there was no run yet
     */
    public @Nullable Instant checkedAt() {
        return verdict.checkedAt();
    }

    /**
     * When the shown status began.
     *
     * @return null if there was no run yet
     */
    public @Nullable Instant since() {
        return verdict.since();
    }

    /**
     * How many runs in a row have failed, up to the last. May be above zero while a threshold still holds the status.
     *
     * @return zero if the last run did not fail
     */
    public int consecutiveFailures() {
        return verdict.failures();
    }

    /**
     * When a run last ended that did not fail.
     *
     * @return null if there was none
     */
    public @Nullable Instant lastSuccess() {
        return verdict.lastSuccess();
    }

    /**
     * Returns for how long the overdue run of a check has been running, while it keeps the check from being run again.
     *
     * @return null unless such a run is overdue: the reason is {@code stuck}, or what the check deposited by
     *     {@link Deadline#ifMissed}
     */
    public @Nullable Duration runningFor() {
        return stuckStack == null ? null : Duration.ofNanos(runningNanos);
    }

    /**
     * Returns where the thread of an overdue run is at this moment. Private.
     *
     * @return empty if it has come back, has no thread, or no run is overdue
     */
    public List<StackTraceElement> stuckStack() {
        return stuckStack == null ? List.of() : stuckStack.get();
    }

    /**
     * What the log line of the present status and reason is marked with, to find it by.
     *
     * @return null while all is well
     */
    public @Nullable String ref() {
        return verdict.ref();
    }

    /**
     * The last 60 runs, oldest first.
     *
     * @return a copy, made now
     */
    public List<PastRun> runs() {
        return subject.history().runs();
    }

    /**
     * The last 20 changes of status or reason, oldest first, without their causes.
     *
     * @return a copy, made now
     */
    public List<StatusChange> changes() {
        return subject.history().changes();
    }

    @Override
    public String toString() {
        return name() + " " + status() + (reason() == null ? "" : " (" + reason() + ")");
    }

    /**
     * One run of the past.
     *
     * @param at when it ended or was judged overdue, in milliseconds
     * @param status what it found by itself, before thresholds
     * @param duration how long it took, in microseconds; at most 35 minutes
     */
    public record PastRun(Instant at, Status status, Duration duration) {}

    /** Whom a report is about. */
    record Subject(String name, boolean required, History history) {}
}
