package dev.healthcheck.jdbc;

import dev.healthcheck.CheckResult;
import dev.healthcheck.Deadline;
import dev.healthcheck.Status;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One run of the check: borrows a connection, tests it, and gives it back, all on the calling thread. Before each step it
 * deposits the result to report if the deadline passes during that step. It continues after the deadline, because a
 * connection that is torn away from its driver is lost to the application.
 */
final class JdbcRun implements OpenRuns.Run {
    /** Stands for a connection that its driver called dead at once; never reported. */
    private static final CheckResult DEAD = CheckResult.down("the connection is dead");

    /** After a refused login: each bounded borrow makes the pool try to log in again. */
    private static final Duration LONGEST_IN_DOUBT = Duration.ofMillis(250);

    /** The registry trusts a DEGRADED deposit for 60 s, so a run that made one ends sooner, and the next one looks again. */
    private static final Duration LONGEST_IN_QUEUE = Duration.ofSeconds(50);

    private final Settings settings;
    private final SharedState shared;
    private final ConnectionSource source;
    private final Deadline deadline;
    private final Duration time;
    private final long begun;
    /** The connection took nearly all of the time, so the deposit stays what is said of that. */
    private boolean cameLate;

    private volatile CheckResult deposit =
            CheckResult.down("the database has not been asked yet").withReason("timeout");

    JdbcRun(Settings settings, SharedState shared, Deadline deadline) {
        this.settings = settings;
        this.shared = shared;
        this.deadline = deadline;
        source = ConnectionSources.of(settings.dataSource());
        time = deadline.remaining();
        begun = settings.ticker().nanos();
    }

    @Override
    public boolean isOverdue() {
        return deadline.remaining().isZero();
    }

    CheckResult result() {
        return source.describe(found());
    }

    private CheckResult found() {
        CheckResult refusal = source.refusal();
        if (refusal != null) {
            return refusal;
        }
        CheckResult refusedLogin = shared.logins.current();
        if (refusedLogin != null && !source.hasIdle() && !deadline.isForced()) {
            return refusedLogin;
        }
        OpenRuns.Run older = shared.openRuns.enter(this, source.maximum() / 2);
        if (older != null) {
            return older.stillWaiting();
        }
        try {
            return askUntilAlive();
        } finally {
            shared.openRuns.leave(this);
        }
    }

    @Override
    public CheckResult stillWaiting() {
        CheckResult said = deposit;
        CheckResult now = said.status() == Status.DEGRADED ? exhausted(shared.exhaustion.waited()) : said;
        Duration waiting = Duration.ofNanos(settings.ticker().nanos() - begun);
        return now.withDetail("waiting", "an earlier run has been waiting for " + Words.of(waiting));
    }

    /** The dead connections that a restarted server has left in the pool are no fault of the present server. */
    private CheckResult askUntilAlive() {
        CheckResult result = askOne();
        int discarded = 0;
        while (result == DEAD && discarded < source.othersThatMayBeDead() && isLeft(2)) {
            result = askOne();
            discarded++;
        }
        if (result == DEAD) {
            result = allDead(discarded + 1);
        }
        return discarded == 0 ? result : result.withDetail("discarded", discarded);
    }

    private static CheckResult allDead(int all) {
        String what = all == 1
                ? "the connection that was lent is dead"
                : "all " + all + " connections that were lent are dead";
        return CheckResult.down(what + "; let the pool test connections when it lends them")
                .withReason("invalid");
    }

    private CheckResult askOne() {
        CheckResult refusal = source.refusal();
        if (refusal != null) {
            return refusal;
        }
        CheckResult result = null;
        try (BorrowedConnection connection = new BorrowedConnection(source, patience(), settings.querySeconds())) {
            result = borrowAndAsk(connection);
        } catch (SQLException e) {
            CheckResult notGivenBack = failed(
                    e,
                    SqlErrors.reasonForFailedStatement(e, "invalid"),
                    "the connection cannot be given back as it was found");
            return result == null || result.status() == Status.UP ? notGivenBack : result;
        }
        return result;
    }

    private @Nullable Duration patience() {
        return settings.patience() == null ? source.patience() : settings.patience();
    }

    private CheckResult borrowAndAsk(BorrowedConnection connection) {
        cameLate = false;
        boolean full = source.isFull();
        Duration exhausted = full ? shared.exhaustion.seen() : Duration.ZERO;
        deposit(full ? exhausted(exhausted) : unanswered());
        try {
            connection.borrow(full ? queueFor(exhausted) : waitAtMost());
        } catch (SQLException | RuntimeException e) {
            return connection.isHeld() && SqlErrors.isClosed(e) ? discarded(connection) : notBorrowed(e, full);
        }
        shared.borrowed();
        CheckResult result = ask(connection, full);
        deposit(CheckResult.down("the database does not answer while the connection is given back")
                .withReason("unreachable"));
        return result;
    }

    private void deposit(CheckResult result) {
        if (cameLate) {
            return;
        }
        deposit = source.describe(result);
        deadline.ifMissed(deposit);
    }

    private CheckResult unanswered() {
        CheckResult last = shared.lastFailure();
        return last == null ? CheckResult.down("no connection has come yet").withReason(source.unanswered()) : last;
    }

    private CheckResult exhausted(Duration lasted) {
        String message = source.maximum() == 1
                ? "the only connection of the pool is in use"
                : "all " + source.maximum() + " connections of the pool are in use";
        CheckResult result = lasted.compareTo(settings.downWhenExhaustedFor()) < 0
                ? CheckResult.degraded(message)
                : CheckResult.down(message + ", for " + Words.of(lasted) + " by now");
        return result.withReason("pool-exhausted");
    }

    /** Waits as long as the application would, but not longer than the deposit holds. */
    private Duration queueFor(Duration exhausted) {
        Duration degraded = settings.downWhenExhaustedFor().minus(exhausted);
        boolean down = degraded.isZero() || degraded.isNegative();
        return down || degraded.compareTo(LONGEST_IN_QUEUE) > 0 ? LONGEST_IN_QUEUE : degraded;
    }

    /** A pool that gives up says why, so it has to give up while there is time to report it. */
    private Duration waitAtMost() {
        Duration most = deadline.remaining().multipliedBy(3).dividedBy(4);
        return shared.logins.doubt() != null && most.compareTo(LONGEST_IN_DOUBT) > 0 ? LONGEST_IN_DOUBT : most;
    }

    private CheckResult notBorrowed(Exception failure, boolean waitedForOthers) {
        CheckResult refusal = source.refusal();
        if (refusal != null) { // the pool was closed or suspended during the wait
            return refusal.withCause(failure);
        }
        if (source.wasFull(failure)) {
            Duration lasted = waitedForOthers ? shared.exhaustion.waited() : shared.exhaustion.seen();
            return exhausted(lasted).withCause(failure);
        }
        if (failure instanceof RuntimeException e && !SqlErrors.isOfJdbc(e)) {
            throw e;
        }
        CheckResult result = notBorrowed(failure);
        shared.failed(result);
        return result;
    }

    private CheckResult notBorrowed(Exception failure) {
        if (!SqlErrors.isTimeoutOfPool(failure)) {
            String reason = SqlErrors.reasonForNoConnection(failure, "unreachable");
            return failed(failure, reason, "no connection to the database");
        }
        CheckResult refusedLogin = shared.logins.doubt();
        return refusedLogin == null
                ? failed(failure, source.unanswered(), "no connection has come in time")
                : refusedLogin;
    }

    private CheckResult ask(BorrowedConnection connection, boolean waitedForOthers) {
        depositForQuestion(waitedForOthers);
        Duration before = deadline.remaining();
        if (!connection.isValid()) {
            Duration took = before.minus(deadline.remaining());
            CheckResult dead = discarded(connection);
            return took.multipliedBy(4).compareTo(time) <= 0
                    ? dead
                    : CheckResult.down("the database does not answer").withReason("unreachable");
        }
        CheckResult result = answer(connection);
        String database = connection.database();
        return database == null ? result : result.withDetail("database", database);
    }

    private void depositForQuestion(boolean waitedForOthers) {
        if (isLeft(4)) {
            deposit(CheckResult.down("the database does not answer").withReason("unreachable"));
            return;
        }
        if (!waitedForOthers) {
            Duration waited = time.minus(deadline.remaining());
            deposit(CheckResult.down("a connection came only after " + Words.of(waited))
                    .withReason("timeout"));
        }
        cameLate = true;
    }

    private static CheckResult discarded(BorrowedConnection connection) {
        connection.discard();
        return DEAD;
    }

    private CheckResult answer(BorrowedConnection connection) {
        try {
            CheckResult objection = settings.query() == null ? null : objection(settings.query(), connection);
            if (objection != null) {
                return objection;
            }
            return settings.writable() && isReadOnly(connection)
                    ? CheckResult.down("the database takes no writes").withReason("read-only")
                    : CheckResult.up();
        } catch (SQLException e) {
            return SqlErrors.isTimeout(e)
                    ? slow("the query has not ended in time, though the server answered before it")
                            .withCause(e)
                    : failed(e, SqlErrors.reasonForFailedStatement(e, "query-failed"), "the query failed");
        }
    }

    private @Nullable CheckResult objection(Query query, BorrowedConnection connection) throws SQLException {
        deposit(slow("the query has not ended, though the server answered before it"));
        return query.objection(connection);
    }

    private boolean isReadOnly(BorrowedConnection connection) throws SQLException {
        deposit(slow("the server has not said whether it takes writes, though it answered before"));
        return connection.isReadOnly();
    }

    private static CheckResult slow(String message) {
        return CheckResult.down(message).withReason("timeout");
    }

    private static CheckResult failed(Exception failure, String reason, String message) {
        CheckResult result = CheckResult.down(message).withReason(reason).withCause(failure);
        String state = SqlErrors.sqlState(failure);
        return state == null ? result : result.withDetail("sqlState", state);
    }

    /** Returns whether at least this part of the time is left: 2 for a half, 4 for a quarter. */
    private boolean isLeft(int part) {
        return deadline.remaining().multipliedBy(part).compareTo(time) >= 0;
    }
}
