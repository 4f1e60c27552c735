package dev.healthcheck;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The result of one run of a check. Immutable.
 *
 * <p>Everybody may see the status and the {@linkplain #withReason(String) reason}. Message, details and cause are
 * sensitive, as they may hold hosts, users and passwords: they go to the log, and to callers that {@code showDetailsTo}
 * admits.
 */
@CheckReturnValue
public final class CheckResult {
    private static final Pattern REASON = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");
    private static final int LONGEST_REASON = 40;
    private static final int MOST_DETAILS = 100;
    private static final CheckResult UP = new CheckResult(Status.UP, null, null, Map.of(), null, null, null);

    private final Status status;
    private final @Nullable String reason;
    private final @Nullable String message;
    private final Map<String, @Nullable Object> details;
    private final @Nullable Throwable cause;
    private final @Nullable String error;
    private final @Nullable Object attachment;

    private CheckResult(
            Status status,
            @Nullable String reason,
            @Nullable String message,
            Map<String, @Nullable Object> details,
            @Nullable Throwable cause,
            @Nullable String error,
            @Nullable Object attachment) {
        this.status = status;
        this.reason = reason;
        this.message = message;
        this.details = details;
        this.cause = cause;
        this.error = error;
        this.attachment = attachment;
    }

    /**
     * Returns a result for a check that works: {@link Status#UP}.
     *
     * @return a result without reason, message or details
     */
    public static CheckResult up() {
        return UP;
    }

    /**
     * Returns a result for a check that works although somebody should look: {@link Status#DEGRADED}.
     *
     * @param message the reason in words; sensitive; cut at 1,000 characters
     * @return the result
     */
    public static CheckResult degraded(String message) {
        return new CheckResult(Status.DEGRADED, null, messageOf(message), Map.of(), null, null, null);
    }

    /**
     * Returns a result for a check that does not work: {@link Status#DOWN}.
     *
     * @param message the reason in words; sensitive; cut at 1,000 characters
     * @return the result
     */
    public static CheckResult down(String message) {
        return new CheckResult(Status.DOWN, null, messageOf(message), Map.of(), null, null, null);
    }

    /**
     * Returns a result for a check that does not work: {@link Status#DOWN}, with the exception that says so.
     *
     * @param cause the exception; sensitive
     * @return a result without message; {@link CheckReport#error()} has the cause's class and message
     */
    public static CheckResult down(Throwable cause) {
        return new CheckResult(Status.DOWN, null, null, Map.of(), null, null, null).withCause(cause);
    }

    /**
     * Returns a copy with a reason code such as {@code pool-exhausted}. Everybody may see it, and machines read it.
     *
     * @param code a text that matches {@code [a-z0-9]+(-[a-z0-9]+)*}, at most 40 characters
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
        return new CheckResult(status, code, message, details, cause, error, attachment);
    }

    /**
     * Returns a copy with one more detail. Sensitive: shown only to callers that {@code showDetailsTo} admits.
     *
     * <p>This method reads {@code value} on the calling thread: it copies strings, numbers, booleans, and lists and
     * maps of them, and turns every other object into its text. It cuts texts at 1,000 characters, and replaces the
     * parts of a value beyond 100 parts or 5 levels, and details beyond 100, by an ellipsis.
     *
     * @param key the name of the detail; replaces a detail of the same name
     * @param value the value, or null
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
        return new CheckResult(status, reason, message, Collections.unmodifiableMap(changed), cause, error, attachment);
    }

    /**
     * Returns a copy with a cause. Sensitive: shown only to callers that {@code showDetailsTo} admits.
     *
     * @param cause the exception; this method reads its messages on the calling thread
     * @return the changed copy
     */
    public CheckResult withCause(Throwable cause) {
        requireNonNull(cause, "cause");
        return new CheckResult(status, reason, message, details, cause, PlainText.ofCauses(cause), attachment);
    }

    /**
     * Returns a copy with an object for an adapter, such as the result of another health library that a check asks. The
     * adapter gets it back as it is, from {@link CheckReport#attachment()}. The registry never shows, copies or reads it.
     * It keeps the object of the last run of a check, and no other.
     *
     * @param attachment the object; replaces an earlier one
     * @return the changed copy
     */
    public CheckResult withAttachment(Object attachment) {
        return with(requireNonNull(attachment, "attachment"));
    }

    /** Returns a copy that keeps no object alive. */
    CheckResult withoutAttachment() {
        return attachment == null ? this : with(null);
    }

    private CheckResult with(@Nullable Object other) {
        return new CheckResult(status, reason, message, details, cause, error, other);
    }

    /** Returns a copy with one more remark in its message. */
    CheckResult andSaying(String remark) {
        String text = message == null ? remark : PlainText.cut(message) + "; " + remark;
        return new CheckResult(status, reason, text, details, cause, error, attachment);
    }

    /** Returns a copy that is DEGRADED because the run was slow. */
    CheckResult slow() {
        return new CheckResult(Status.DEGRADED, "slow", message, details, cause, error, attachment);
    }

    /**
     * Returns the status.
     *
     * @return the status
     */
    public Status status() {
        return status;
    }

    /**
     * Returns the reason code, which everybody may see.
     *
     * @return the code; null if there is none
     */
    public @Nullable String reason() {
        return reason;
    }

    /**
     * Returns the message. Sensitive: shown only to callers that {@code showDetailsTo} admits.
     *
     * @return the message; null if there is none
     */
    public @Nullable String message() {
        return message;
    }

    /**
     * Returns the details. Sensitive: shown only to callers that {@code showDetailsTo} admits.
     *
     * @return an unmodifiable map in the order in which the details were added; each value is a string, a number, a
     *     boolean, null, or an unmodifiable list or map of these
     */
    public Map<String, @Nullable Object> details() {
        return details;
    }

    /**
     * Returns the cause. Sensitive: shown only to callers that {@code showDetailsTo} admits.
     *
     * @return the exception; null if there is none
     */
    public @Nullable Throwable cause() {
        return cause;
    }

    @Nullable
    Object attachment() {
        return attachment;
    }

    /** Returns the cause's classes and messages as text; null if there is no cause. */
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
