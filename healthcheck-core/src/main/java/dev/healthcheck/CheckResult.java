package dev.healthcheck;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a check found. Immutable.
 *
 * <p>Only the status and the {@linkplain #withReason(String) reason} are for everybody. Message, details and cause may
 * hold hosts, users and passwords, so they go to the log and to callers with the right to see them, and nowhere else.
 */
@CheckReturnValue
public final class CheckResult {
    private static final Pattern REASON = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final int LONGEST_REASON = 40;
    private static final int MOST_DETAILS = 100;
    private static final CheckResult UP = new CheckResult(Status.UP, null, null, Map.of(), null, null);

    private final Status status;
    private final @Nullable String reason;
    private final @Nullable String message;
    private final Map<String, @Nullable Object> details;
    private final @Nullable Throwable cause;
    private final @Nullable String error;

    private CheckResult(
            Status status,
            @Nullable String reason,
            @Nullable String message,
            Map<String, @Nullable Object> details,
            @Nullable Throwable cause,
            @Nullable String error) {
        this.status = status;
        this.reason = reason;
        this.message = message;
        this.details = details;
        this.cause = cause;
        this.error = error;
    }

    /**
     * It works.
     *
     * @return a result without reason, message or details
     */
    public static CheckResult up() {
        return UP;
    }

    /**
     * It works, but somebody should look.
     *
     * @param message why, for people; private; cut at 1,000 characters
     * @return the result
     */
    public static CheckResult degraded(String message) {
        return new CheckResult(Status.DEGRADED, null, messageOf(message), Map.of(), null, null);
    }

    /**
     * It does not work.
     *
     * @param message why, for people; private; cut at 1,000 characters
     * @return the result
     */
    public static CheckResult down(String message) {
        return new CheckResult(Status.DOWN, null, messageOf(message), Map.of(), null, null);
    }

    /**
     * It does not work, and this is the proof.
     *
     * @param cause why; private
     * @return a result without message: the cause's class and message are shown as its error
     */
    public static CheckResult down(Throwable cause) {
        return new CheckResult(Status.DOWN, null, null, Map.of(), null, null).withCause(cause);
    }

    /**
     * The same with a reason code, which is shown to anyone and told to machines: "pool-exhausted", not a sentence.
     *
     * @param code matches {@code [a-z0-9]+(-[a-z0-9]+)*}, at most 40 characters
     * @return the changed copy
     * @throws IllegalArgumentException if {@code code} is not of that form
     */
    public CheckResult withReason(String code) {
        Arguments.require(
                requireNonNull(code, "code").length() <= LONGEST_REASON
                        && REASON.matcher(code).matches(),
                "reason",
                '"' + PlainText.cut(code) + '"',
                REASON + ", at most " + LONGEST_REASON + " characters");
        return new CheckResult(status, code, message, details, cause, error);
    }

    /**
     * The same with one more detail. Private. What {@code value} says is read now, on the calling thread: strings,
     * numbers, booleans, lists and maps of them are copied, everything else becomes its text. Texts are cut at 1,000
     * characters; what a value has beyond 100 parts or 5 levels, and details beyond 100, become an ellipsis.
     *
     * @param key of a detail that is there already: replaces it
     * @param value may be null
     * @return the changed copy
     */
    public CheckResult withDetail(String key, @Nullable Object value) {
        String plainKey = PlainText.cut(requireNonNull(key, "key"));
        var changed = new LinkedHashMap<>(details);
        if (changed.size() < MOST_DETAILS || changed.containsKey(plainKey)) {
            changed.put(plainKey, PlainValue.of(value));
        } else {
            changed.put("\u2026", "\u2026");
        }
        return new CheckResult(status, reason, message, Collections.unmodifiableMap(changed), cause, error);
    }

    /**
     * The same with a cause. Private.
     *
     * @param cause its messages are read now, on the calling thread
     * @return the changed copy
     */
    public CheckResult withCause(Throwable cause) {
        requireNonNull(cause, "cause");
        return new CheckResult(status, reason, message, details, cause, PlainText.ofCauses(cause));
    }

    /** The same with one more remark in its message. */
    CheckResult andSaying(String remark) {
        String text = message == null ? remark : PlainText.cut(message) + "; " + remark;
        return new CheckResult(status, reason, text, details, cause, error);
    }

    /** The same found slow, which is somebody's business only if nothing worse is said. */
    CheckResult slow() {
        return new CheckResult(Status.DEGRADED, "slow", message, details, cause, error);
    }

    /**
     * How well it is.
     *
     * @return the status
     */
    public Status status() {
        return status;
    }

    /**
     * The reason code, public.
     *
     * @return null if none was given
     */
    public @Nullable String reason() {
        return reason;
    }

    /**
     * The message for people, private.
     *
     * @return null if none was given
     */
    public @Nullable String message() {
        return message;
    }

    /**
     * The details, private: each value is a string, number, boolean, null, or an unmodifiable list or map of these.
     *
     * @return unmodifiable, in the order in which they were added
     */
    public Map<String, @Nullable Object> details() {
        return details;
    }

    /**
     * The cause, private.
     *
     * @return null if none was given
     */
    public @Nullable Throwable cause() {
        return cause;
    }

    /** The cause's classes and messages as text, read when the cause was given. */
    @Nullable
    String error() {
        return error;
    }

    @Override
    public String toString() {
        return reason == null ? status.toString() : status + " (" + reason + ")";
    }

    private static String messageOf(String message) {
        return PlainText.cut(requireNonNull(message, "message"));
    }
}
