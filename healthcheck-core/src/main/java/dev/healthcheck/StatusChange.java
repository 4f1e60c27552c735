package dev.healthcheck;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A change of a check's shown status, or of the reason for it. Immutable.
 *
 * @param check the name of the check
 * @param from the status before; null at the first verdict
 * @param to the status from now on
 * @param reason the reason code; null if there is none
 * @param at the date of the change
 * @param ref the mark of the log line of this change, or of the line that says that the check flaps; null if all is
 *     well
 * @param message the reason in words, or null; sensitive: shown only to callers that {@code showDetailsTo} admits
 * @param error class and message of the cause and of its causes as text, or null; sensitive
 * @param cause the exception, or null; sensitive; always null in the history of a check, which keeps no exceptions
 *     alive
 */
public record StatusChange(
        String check,
        @Nullable Status from,
        Status to,
        @Nullable String reason,
        Instant at,
        @Nullable String ref,
        @Nullable String message,
        @Nullable String error,
        @Nullable Throwable cause) {

    StatusChange withoutCause() {
        return cause == null ? this : new StatusChange(check, from, to, reason, at, ref, message, error, null);
    }
}
