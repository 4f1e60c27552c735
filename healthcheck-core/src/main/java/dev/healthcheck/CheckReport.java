package dev.healthcheck;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The last verdict on one check. Immutable, except that {@link #runs()}, {@link #changes()}, {@link #attachment()} and
 * {@link #stuckStack()} read the present state when they are called.
 *
 * <p>The registry gives out the same instance until there is a new verdict, so a caller may keep what it derives from a
 * report, such as an encoded form, and compare reports by identity.
 *
 * <p>Message, details, cause, error, attachment and stack are sensitive, as they may hold secrets. Everybody may see the rest.
 */
public final class CheckReport {
    private final Subject subject;
    private final Verdict verdict;
    private final boolean required;
    private final boolean known;
    private final @Nullable Supplier<List<StackTraceElement>> stuckStack;
    private final long runningNanos;
    private final Status inLiveness;

    CheckReport(Subject subject, Verdict verdict, boolean required) {
        this(subject, verdict, required, true, verdict.status(), 0, null);
    }

    private CheckReport(
            Subject subject,
            Verdict verdict,
            boolean required,
            boolean known,
            Status inLiveness,
            long runningNanos,
            @Nullable Supplier<List<StackTraceElement>> stuckStack) {
        this.subject = subject;
        this.verdict = verdict;
        this.required = required;
        this.known = known;
        this.inLiveness = inLiveness;
        this.runningNanos = runningNanos;
        this.stuckStack = stuckStack;
    }

    /** Returns a report that says why no status is known. */
    static CheckReport unknown(Subject subject, Verdict verdict, boolean required) {
        return new CheckReport(subject, verdict, required, false, verdict.status(), 0, null);
    }

    /**
     * Returns this report for a check that is stuck in a run that has lasted {@code running} nanoseconds.
     *
     * @param explained whether the verdict says more than that no answer has come
     * @param stack finds out where the thread of the run is
     */
    CheckReport stuck(long running, boolean explained, Supplier<List<StackTraceElement>> stack) {
        String lasting = "has been running for " + Nanos.inWords(running);
        CheckResult result = explained
                ? verdict.result().andSaying(lasting)
                : CheckResult.down(lasting).withReason("stuck");
        return new CheckReport(subject, verdict.shownWith(result), required, true, status(), running, stack);
    }

    /** Returns this report, as it is told {@code at}, for a check of which no run has ended for longer than {@code limit}. */
    CheckReport stale(Duration limit, long at) {
        return new CheckReport(subject, verdict.stale(limit, at), required, false, status(), 0, null);
    }

    /** Returns the status that liveness shows: where a verdict is stale, that of the verdict. */
    Status inLiveness() {
        return inLiveness;
    }

    /** Returns this report as {@code stale}, because no run has ended for {@code limit}. Log and listeners are not told. */
    CheckReport tooOld(Duration limit) {
        return unknown(subject, verdict.tooOld(limit), required);
    }

    /** Returns this report for a check of which nobody has asked for {@code age}; it counted for {@code limit}. */
    CheckReport pending(Status unknown, long limit, long age) {
        return unknown(subject, verdict.pending(unknown, limit, age), required);
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
     * Returns the name under which the check is registered.
     *
     * @return the name
     */
    public String name() {
        return subject.name();
    }

    /**
     * Returns whether this check makes the report DOWN when it is DOWN.
     *
     * @return false for an optional check, and for one that is {@linkplain #requiredToStart() required to start} from its
     *     first verdict on that is not DOWN
     */
    public boolean required() {
        return required;
    }

    /**
     * Returns whether the check is {@linkplain CheckOptions#requiredToStart() required to start}: {@link #required()} says
     * true until the first verdict that is not DOWN, and false from that on.
     *
     * @return true for such a check, also after that verdict
     */
    public boolean requiredToStart() {
        return subject.options().isRequiredToStart();
    }

    /**
     * Returns the probes for which the check runs.
     *
     * @return an unmodifiable set
     */
    public Set<Probe> probes() {
        return subject.options().probes;
    }

    /**
     * Returns the longest time that a run may take.
     *
     * @return the timeout
     */
    public Duration timeout() {
        return subject.options().timeout;
    }

    /**
     * Returns the interval of a check that runs on a schedule.
     *
     * @return the interval; null for a check that runs when a caller asks
     */
    public @Nullable Duration every() {
        return subject.options().every;
    }

    /**
     * Returns the status after thresholds.
     *
     * @return the status
     */
    public Status status() {
        return verdict.status();
    }

    /**
     * Returns whether a run that is recent enough stands behind the status. It does not if the registry says
     * {@code pending} or {@code stale}; a check may use these words for reasons of its own.
     *
     * @return false if the status is not known
     */
    public boolean isKnown() {
        return known;
    }

    /**
     * Returns the reason code: the check's own, or {@code timeout}, {@code stuck}, {@code pending}, {@code stale},
     * {@code recovering}, {@code threw}, {@code rejected}, {@code slow} or {@code asks-itself}. It is the reason of the
     * last run, even while a threshold keeps the status from changing.
     *
     * @return the code; null if there is none
     */
    public @Nullable String reason() {
        return verdict.reason();
    }

    /**
     * Returns the reason in words. Sensitive: shown only to callers that {@code showDetailsTo} admits.
     *
     * @return the message; null if there is none
     */
    public @Nullable String message() {
        return verdict.result().message();
    }

    /**
     * Returns the details of the result. Sensitive: shown only to callers that {@code showDetailsTo} admits.
     *
     * @return an unmodifiable map, as {@link CheckResult#details()}
     */
    public Map<String, @Nullable Object> details() {
        return verdict.result().details();
    }

    /**
     * Returns the exception that explains the status. Sensitive: shown only to callers that {@code showDetailsTo}
     * admits.
     *
     * @return the exception; null if there is none
     */
    public @Nullable Throwable cause() {
        return verdict.result().cause();
    }

    /**
     * Returns class and message of the cause and of its causes as text. Sensitive: shown only to callers that
     * {@code showDetailsTo} admits.
     *
     * @return the text; null if there is no cause
     */
    public @Nullable String error() {
        return verdict.result().error();
    }

    /**
     * Returns the duration of the last run; for an overdue run, the time that it had taken when it was judged.
     *
     * @return the duration; zero before the first run has ended
     */
    public Duration duration() {
        return Duration.ofNanos(verdict.durationNanos());
    }

    /**
     * Returns the date at which the last run ended or was judged overdue.
     *
     * @return the date; null before the first run has ended
     */
    public @Nullable Instant checkedAt() {
        return verdict.checkedAt();
    }

    /**
     * Returns how much time has passed since the last run ended or was overdue. A clock that is set does not change it.
     *
     * @return the time until now, also if this report is older; null before the first run has ended
     */
    public @Nullable Duration age() {
        return checkedAt() == null ? null : elapsedSince(verdict.nanos());
    }

    /**
     * Returns the date at which the shown status began.
     *
     * @return the date; null before the first run has ended
     */
    public @Nullable Instant since() {
        return verdict.since();
    }

    /**
     * Returns how long the shown status has lasted. A clock that is set does not change it.
     *
     * @return the time until now, also if this report is older; null before the first run has ended
     */
    public @Nullable Duration lasting() {
        return since() == null ? null : elapsedSince(verdict.sinceNanos());
    }

    private Duration elapsedSince(long nanos) {
        return Duration.ofNanos(Math.max(0, subject.ticker().nanos() - nanos));
    }

    /**
     * Returns the number of failures in a row. A run that failed counts once. An overdue run counts once at its
     * deadline and once more for each further timeout that it lasts, so one run that hangs makes many failures. The
     * number may be above zero while a threshold keeps the status from changing.
     *
     * @return the number; zero if the last run did not fail
     */
    public int consecutiveFailures() {
        return verdict.failures();
    }

    /**
     * Returns the date at which the last run that did not fail ended.
     *
     * @return the date; null if there was no such run
     */
    public @Nullable Instant lastSuccess() {
        return verdict.lastSuccess();
    }

    /**
     * Returns how long an overdue run has been running that keeps the check from being run again.
     *
     * @return the time; null if there is no such run. With such a run the reason is {@code stuck}, or the reason that
     *     the check deposited by {@link Deadline#ifMissed}
     */
    public @Nullable Duration runningFor() {
        return stuckStack == null ? null : Duration.ofNanos(runningNanos);
    }

    /**
     * Returns the present stack of the thread of an overdue run. Sensitive: shown only to callers that
     * {@code showDetailsTo} admits.
     *
     * @return the stack; empty if the thread has come back, the run has no thread, or no run is overdue
     */
    public List<StackTraceElement> stuckStack() {
        return stuckStack == null ? List.of() : stuckStack.get();
    }

    /**
     * Returns the mark by which to find the log line of the present status and reason. While a check flaps (more than four
     * changes within a minute) the mark stays the same, and finds the line that says so.
     *
     * @return six characters; null while all is well
     */
    public @Nullable String ref() {
        return verdict.ref();
    }

    /**
     * Returns the object that the check attached to its result ({@link CheckResult#withAttachment}), as it was: that of the
     * last run that ended in time, whatever status this report shows, and also if this report is older. Sensitive: the
     * library shows it to nobody.
     *
     * @return the object; null if that run attached none, no run has ended in time, the check is unregistered, or the
     *     registry is closed
     */
    public @Nullable Object attachment() {
        return subject.attachment;
    }

    /**
     * Returns the last 60 runs, the oldest first.
     *
     * @return a copy, made now
     */
    public List<PastRun> runs() {
        return subject.history().runs();
    }

    /**
     * Returns the last 20 changes of status or reason, the oldest first, without their causes.
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
     * A run of the past.
     *
     * @param at the date at which it ended or was judged overdue, in whole milliseconds
     * @param status the status of its result, before thresholds
     * @param duration its duration in whole microseconds; at most 35 minutes
     */
    public record PastRun(Instant at, Status status, Duration duration) {}

    /** The check that a report is about, and what is kept of it besides its verdicts. Thread-safe. */
    static final class Subject {
        private final String name;
        private final CheckOptions options;
        private final History history;
        private final Ticker ticker;
        /** Held here and by no report, as reports are kept: by callers, events, and a startup check that has passed. */
        private volatile @Nullable Object attachment;

        Subject(String name, CheckOptions options, History history, Ticker ticker) {
            this.name = name;
            this.options = options;
            this.history = history;
            this.ticker = ticker;
        }

        String name() {
            return name;
        }

        CheckOptions options() {
            return options;
        }

        History history() {
            return history;
        }

        Ticker ticker() {
            return ticker;
        }

        /** Keeps {@code object}, or nothing, instead of what was attached before. */
        void attach(@Nullable Object object) {
            attachment = object;
        }
    }
}
