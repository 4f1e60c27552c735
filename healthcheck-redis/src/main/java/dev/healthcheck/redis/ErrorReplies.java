package dev.healthcheck.redis;

import dev.healthcheck.CheckResult;
import dev.healthcheck.Status;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Maps error replies of Redis, and missing replies, to results. */
final class ErrorReplies {
    private static final int DEEPEST_CAUSE = 10;

    private static final String FULL = "ERR max number of clients";

    /** The errors of Redis and of proxies for a command that they do not know, whatever its name. */
    private static final Pattern UNKNOWN =
            Pattern.compile("(ERR )?(unknown|unsupported) command.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** What Lettuce and the JDK say of a connection that the server has closed before it answered. */
    private static final Pattern HANG_UP =
            Pattern.compile("Connection closed prematurely|RedisHandshakeHandler not registered"
                    + "|Connection reset.*|Broken pipe|.*Connection reset by peer|.*Broken pipe");

    private ErrorReplies() {}

    /** Judges the failure of a command. A server that does not let this user ask, or does not know the command, answers. */
    static CheckResult error(Throwable thrown) {
        String error = errorReply(thrown);
        if (error != null && isUnasked(error)) {
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

    /**
     * Judges the failure of a command that would write if there were something to write. A value of another type under the
     * key is the last obstacle that Redis names: it takes writes.
     */
    static CheckResult notWritten(Throwable thrown) {
        String error = errorReply(thrown);
        if (error == null || !isUnasked(error)) {
            return error != null && firstWord(error).equals("WRONGTYPE") ? CheckResult.up() : error(thrown);
        }
        return CheckResult.degraded("it is unknown whether Redis takes writes: the check may not send SETRANGE")
                .withReason("no-info")
                .withCause(bare(thrown));
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

    /** Returns whether the server has no place for another client. */
    static boolean isFull(Throwable thrown) {
        String error = errorReply(thrown);
        return error != null && error.startsWith(FULL);
    }

    /** Returns whether the server closed the connection before it answered. */
    static boolean isHangUp(Throwable thrown) {
        return !isError(thrown) && causes(thrown).anyMatch(ErrorReplies::saysThatItHangsUp);
    }

    /** Judges the failure to connect. A user who may not run the first commands of a connection has no connection. */
    static CheckResult notConnected(Throwable thrown) {
        return down(thrown, errorReply(thrown), "disconnected");
    }

    static CheckResult notConnected(Duration limit) {
        return CheckResult.down("no connection within " + text(limit)).withReason("disconnected");
    }

    static CheckResult connecting(Duration limit) {
        return CheckResult.down("no connection within " + text(limit) + ": the first attempt to connect is under way")
                .withReason("connecting");
    }

    static CheckResult noClient(String message) {
        return CheckResult.down(message).withReason("no-client");
    }

    static CheckResult noClient(Throwable thrown) {
        return CheckResult.down(thrown).withReason("no-client");
    }

    static CheckResult disconnected() {
        return CheckResult.down("the connection is not open").withReason("disconnected");
    }

    static CheckResult unanswered(Duration limit) {
        return CheckResult.down("no answer within " + text(limit) + ", although the connection is open")
                .withReason("timeout");
    }

    private static CheckResult down(Throwable thrown, @Nullable String error, String silent) {
        return CheckResult.down(bare(thrown)).withReason(error == null ? silent : reason(error));
    }

    /** Redis distinguishes errors by their first word. That it is full is one of the errors without such a word. */
    private static String reason(String error) {
        if (error.startsWith(FULL)) {
            return "too-many-connections";
        }
        return switch (firstWord(error)) {
            case "NOAUTH", "WRONGPASS", "NOPERM" -> "auth";
            case "LOADING" -> "loading";
            case "BUSY" -> "busy";
            case "MASTERDOWN" -> "master-down";
            case "READONLY", "MISCONF", "NOREPLICAS" -> "read-only";
            case "OOM" -> "memory";
            case "CLUSTERDOWN" -> "cluster-down";
            default -> "error-reply";
        };
    }

    private static boolean saysThatItHangsUp(Throwable thrown) {
        String message = thrown.getMessage();
        return thrown instanceof ClosedChannelException
                || (message != null && HANG_UP.matcher(message).matches());
    }

    private static boolean isUnasked(String error) {
        return firstWord(error).equals("NOPERM") || UNKNOWN.matcher(error).matches();
    }

    /** Returns the duration for people: "248 ms", "10.6 s", "2 min 5 s". */
    static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 59_950) { // from there on it would be rounded to 60.0 s
            return millis < 1000 ? millis + " ms" : String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
        }
        long seconds = Math.round(millis / 1000.0);
        return seconds / 60 + (seconds % 60 == 0 ? " min" : " min " + seconds % 60 + " s");
    }

    /** Removes the exception that a chain of stages wraps around the cause. */
    private static Throwable bare(Throwable thrown) {
        Throwable cause = thrown.getCause();
        return thrown instanceof CompletionException && cause != null ? cause : thrown;
    }

    private static @Nullable String errorReply(Throwable thrown) {
        return causes(thrown)
                .filter(RedisCommandExecutionException.class::isInstance)
                .map(Throwable::getMessage)
                .findFirst()
                .orElse(null);
    }

    private static Stream<Throwable> causes(Throwable thrown) {
        return causes(thrown, DEEPEST_CAUSE);
    }

    /** Includes what is suppressed: a client of a cluster keeps there what each node has said. */
    private static Stream<Throwable> causes(Throwable thrown, int depth) {
        Stream<Throwable> below =
                Stream.concat(Stream.ofNullable(thrown.getCause()), Stream.of(thrown.getSuppressed()));
        return Stream.concat(
                Stream.of(thrown), depth == 0 ? Stream.empty() : below.flatMap(cause -> causes(cause, depth - 1)));
    }

    private static String firstWord(String error) {
        int end = error.indexOf(' ');
        return end < 0 ? error : error.substring(0, end);
    }
}
