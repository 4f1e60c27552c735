package dev.healthcheck.redis;

import dev.healthcheck.CheckResult;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the replies of Redis, and their absence, say about its health. */
final class Reply {
    /** By the first word of an error reply, which is what Redis tells errors apart by. */
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

    private Reply() {}

    /** To a command; of a PING and of CLUSTER INFO alike. */
    static CheckResult of(@Nullable String text) {
        return text != null && text.contains("cluster_state:fail")
                ? CheckResult.down("cluster_state:fail").withReason("cluster-down")
                : CheckResult.up();
    }

    /** To a command. Whoever may not ask was answered all the same. */
    static CheckResult error(Throwable thrown) {
        String error = errorReply(thrown);
        if (error != null && firstWord(error).equals("NOPERM")) {
            return CheckResult.up().withDetail("answer", error);
        }
        return down(thrown, error, thrown instanceof RedisCommandTimeoutException ? "timeout" : "disconnected");
    }

    /** To what a connection begins with. Whoever may not do that has no connection. */
    static CheckResult notConnected(Throwable thrown) {
        return down(thrown, errorReply(thrown), "disconnected");
    }

    static CheckResult notConnected(Duration limit) {
        return CheckResult.down("no connection within " + limit).withReason("disconnected");
    }

    static CheckResult disconnected() {
        return CheckResult.down("the connection is not open").withReason("disconnected");
    }

    static CheckResult unanswered(Duration limit) {
        return CheckResult.down("no answer within " + limit + ", though the connection is open")
                .withReason("timeout");
    }

    private static CheckResult down(Throwable thrown, @Nullable String error, String silent) {
        String reason = error == null ? silent : REASONS.getOrDefault(firstWord(error), "error-reply");
        return CheckResult.down(thrown).withReason(reason);
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
