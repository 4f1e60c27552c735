package dev.healthcheck.redis;

import dev.healthcheck.CheckResult;
import dev.healthcheck.Status;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Maps error replies of Redis, and missing replies, to results. */
final class ErrorReplies {
    /** Reasons by the first word of an error reply, by which Redis distinguishes errors. */
    private static final Map<String, String> REASONS = Map.of(
            "NOAUTH", "auth",
            "WRONGPASS", "auth",
            "NOPERM", "auth",
            "LOADING", "loading",
            "BUSY", "busy",
            "MASTERDOWN", "master-down",
            "READONLY", "read-only",
            "MISCONF", "read-only",
            "CLUSTERDOWN", "cluster-down");

    private ErrorReplies() {}

    /** Judges the failure of a command. NOPERM is an answer, too. */
    static CheckResult error(Throwable thrown) {
        String error = errorReply(thrown);
        if (error != null && firstWord(error).equals("NOPERM")) {
            return CheckResult.up().withDetail("answer", error);
        }
        return down(thrown, error, bare(thrown) instanceof RedisCommandTimeoutException ? "timeout" : "disconnected");
    }

    /** Judges the failure of INFO. A value that Redis does not report is known to be neither good nor bad. */
    static CheckResult noInfo(Throwable thrown) {
        CheckResult result = error(thrown);
        boolean untold = result.status() == Status.UP || "error-reply".equals(result.reason());
        return untold ? untold(bare(thrown)) : result;
    }

    static CheckResult untold(Throwable cause) {
        return CheckResult.degraded("INFO lacks the field that the check needs")
                .withReason("no-info")
                .withCause(cause);
    }

    /** Returns whether the server answered with an error; otherwise it did not answer. */
    static boolean isError(Throwable thrown) {
        return errorReply(thrown) != null;
    }

    /** Judges the failure to connect. A user who may not run the first commands of a connection has no connection. */
    static CheckResult notConnected(Throwable thrown) {
        return down(thrown, errorReply(thrown), "disconnected");
    }

    static CheckResult notConnected(Duration limit) {
        return CheckResult.down("no connection within " + limit.toMillis() + " ms")
                .withReason("disconnected");
    }

    static CheckResult disconnected() {
        return CheckResult.down("the connection is not open").withReason("disconnected");
    }

    static CheckResult unanswered(Duration limit) {
        return CheckResult.down("no answer within " + limit.toMillis() + " ms, although the connection is open")
                .withReason("timeout");
    }

    private static CheckResult down(Throwable thrown, @Nullable String error, String silent) {
        String reason = error == null ? silent : REASONS.getOrDefault(firstWord(error), "error-reply");
        return CheckResult.down(bare(thrown)).withReason(reason);
    }

    /** Removes the exception that a chain of stages wraps around the cause. */
    private static Throwable bare(Throwable thrown) {
        Throwable cause = thrown.getCause();
        return thrown instanceof CompletionException && cause != null ? cause : thrown;
    }

    private static @Nullable String errorReply(Throwable thrown) {
        return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause)
                .limit(20)
                .filter(RedisCommandExecutionException.class::isInstance)
                .map(Throwable::getMessage)
                .findFirst()
                .orElse(null);
    }

    private static String firstWord(String error) {
        int end = error.indexOf(' ');
        return end < 0 ? error : error.substring(0, end);
    }
}
