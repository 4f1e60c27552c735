package dev.healthcheck.jdbc;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** The duties of a check as a guest of a pool. Each method returns what is wrong with a pool, or null. */
final class PoolRules {
    /** Two pools that do the same differ by so much: Agroal's waiters sometimes miss a connection, check or not. */
    private static final Duration NOISE_OF_POOLS = Duration.ofSeconds(5);

    /** The same for a check, on a busy machine. Less than the patience of HikariCP, which a late answer would show. */
    private static final Duration NOISE = Duration.ofSeconds(4);

    /** The default of a check. */
    private static final Duration TIMEOUT = Duration.ofMillis(800);
    /** Half of the timeout, because a busy machine takes a while to answer at once. */
    private static final Duration AT_ONCE = Duration.ofMillis(400);

    private PoolRules() {}

    /** The application is served as well as without a check. */
    static @Nullable String servesTheApplication(PoolOutcome ours, PoolOutcome control) {
        Application.Service with = ours.service();
        Application.Service without = control.service();
        if (with.failed() > without.failed()) {
            return with.failed() + " failures, its control " + without.failed();
        }
        if (without.all() == null) {
            return null;
        }
        if (with.all() == null) {
            return "never has all connections again, its control has";
        }
        return with.all().compareTo(without.all().plus(NOISE_OF_POOLS)) > 0
                ? "has all connections later than its control"
                : null;
    }

    /** The pool's connections are the same afterwards, but for those that it replaces without a check, and so many. */
    static PoolTable.Rule<PoolOutcome> keepsConnections(ToIntFunction<PoolKind> replaced) {
        return (ours, control) -> {
            int allowed = Math.max(control.replaced(), replaced.applyAsInt(ours.kind()));
            return ours.replaced() <= allowed ? null : "replaces " + ours.replaced() + " connections";
        };
    }

    /** Nothing is left behind on either side. */
    static @Nullable String leavesNothing(PoolOutcome ours, PoolOutcome control) {
        if (ours.open() > PoolSubjects.SIZE) {
            return ours.open() + " connections open";
        }
        if (ours.connectionsLeft() > control.connectionsLeft()) {
            return ours.connectionsLeft() + " connections left after the pool was closed";
        }
        return ours.threadsLeft() == 0 ? null : ours.threadsLeft() + " threads left";
    }

    /** The check is UP again soon, if the application is served. */
    static @Nullable String comesUp(PoolOutcome ours, PoolOutcome control) {
        if (control.service().all() == null) {
            return null;
        }
        return ours.up() == null ? "never UP again" : null;
    }

    /** The prober is told in time, then always for one of these reasons, and one thread is enough for that. */
    static PoolTable.Rule<PoolOutcome> says(Set<String> ofHikari, Set<String> ofOthers) {
        return (ours, control) -> {
            Set<String> allowed = ours.kind().isHikari() ? ofHikari : ofOthers;
            if (!allowed.containsAll(ours.reasons())) {
                return "reasons " + ours.reasons();
            }
            if (ours.mostThreads() > 1) {
                return ours.mostThreads() + " threads";
            }
            Duration latest = ours.interval().plus(TIMEOUT).plus(NOISE);
            boolean noticed = ours.noticed() != null && ours.noticed().compareTo(latest) <= 0;
            return noticed || ours.lasted().compareTo(latest) <= 0
                    ? null
                    : "noticed after " + PoolTable.seconds(ours.noticed());
        };
    }

    /** Once it is known that the server hangs, nobody waits for that again, and everybody is told the same. */
    static @Nullable String answersAtOnceWhileOverdue(PoolOutcome ours, PoolOutcome control) {
        List<Answer> bad =
                ours.during().stream().filter(answer -> !answer.isUp()).toList();
        if (ours.kind().isHikari() || bad.size() < 3) {
            return null; // HikariCP's bounded borrow ends each run in time
        }
        Duration median = bad.stream()
                .skip(1)
                .map(Answer::took)
                .sorted()
                .skip(bad.size() / 2 - 1)
                .findFirst()
                .orElseThrow();
        if (median.compareTo(AT_ONCE) > 0) {
            return "answers of an overdue run take " + PoolTable.seconds(median);
        }
        return ours.reasons().size() > 1 ? "changes its reason: " + ours.reasons() : null;
    }

    /** The answer that came late is dropped, and the next run finds the server well. */
    static @Nullable String isUpWithTheNextRun(PoolOutcome ours, PoolOutcome control) {
        Duration latest = ours.interval().plus(NOISE);
        Duration up = ours.upAfter();
        return up == null || up.compareTo(latest) > 0 ? "UP only after " + PoolTable.seconds(up) : null;
    }

    /** The server has at most one question of the check to answer. */
    static @Nullable String asksOneQueryAtATime(PoolOutcome ours, PoolOutcome control) {
        return ours.mostRunning() == 1 ? null : ours.mostRunning() + " queries at the same time";
    }

    /** HikariCP says what is the matter: at first a warning, in the end a reason to get no more traffic. */
    static @Nullable String saysThatItIsExhausted(PoolOutcome ours, PoolOutcome control) {
        if (!ours.kind().isHikari()) {
            return null;
        }
        Duration down = ours.first("DOWN pool-exhausted");
        if (ours.first("DEGRADED pool-exhausted") == null || down == null) {
            return "never DEGRADED, then DOWN";
        }
        if (down.compareTo(Duration.ofSeconds(29)) < 0
                || down.compareTo(Duration.ofSeconds(30).plus(NOISE)) > 0) {
            return "DOWN after " + PoolTable.seconds(down);
        }
        return ours.timeouts() > 2 ? ours.timeouts() + " time-outs counted by HikariCP" : null;
    }
}
