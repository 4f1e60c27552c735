package dev.healthcheck.jdbc;

import static java.util.Objects.requireNonNull;

import dev.healthcheck.CheckOptions;
import dev.healthcheck.CheckResult;
import dev.healthcheck.Deadline;
import dev.healthcheck.HealthCheck;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Asks a database, through the application's own {@link DataSource}, whether it answers. Immutable but for its memory
 * of a pool's exhaustion; thread-safe.
 *
 * <pre>{@code
 * health.register("orders-db", JdbcHealthCheck.of(dataSource));
 * }</pre>
 *
 * <p>Each run borrows one connection, asks the driver {@link Connection#isValid}, runs the {@linkplain #query query} if
 * there is one, and gives it back: never two at a time, none of its own, no transaction left open, the network timeout
 * as it was. A connection that is lost is discarded (evicted from a HikariCP pool, else {@linkplain Connection#abort
 * aborted}), so that nobody gets it after us. The {@code DataSource} is never closed.
 *
 * <table>
 * <caption>What is found, by its reason; {@code DOWN} if not said</caption>
 * <tr><th>reason</th><th>meaning</th></tr>
 * <tr><td>{@code unreachable}</td><td>no connection is to be had, or it was lost, or there was no answer in time</td></tr>
 * <tr><td>{@code auth}</td><td>the database refuses the credentials (SQLState class 28), or
 *     this user (1044 of MariaDB and MySQL)</td></tr>
 * <tr><td>{@code no-database}</td><td>the server knows no database of that name (3D000, 1049)</td></tr>
 * <tr><td>{@code too-many-connections}</td><td>no connection is free, and the server, the database or the user may have
 *     no more (53300, 1040, 1203, 1226)</td></tr>
 * <tr><td>{@code invalid}</td><td>the driver says that the connection is dead; of a HikariCP pool, that all are</td></tr>
 * <tr><td>{@code query-failed}</td><td>the database refuses the query, or finds what was not expected</td></tr>
 * <tr><td>{@code timeout}</td><td>the query has not ended in time, though the server answered before it; or a
 *     {@code DataSource} that is no HikariCP pool has not answered, which does not say why</td></tr>
 * <tr><td>{@code read-only}</td><td>see {@link #requireWritable()}</td></tr>
 * <tr><td>{@code pool-exhausted}</td><td>HikariCP: all connections are in use, and none became free; {@code DEGRADED}
 *     at first, see {@link #downWhenExhaustedFor}</td></tr>
 * <tr><td>{@code pool-suspended}, {@code pool-closed}</td><td>HikariCP: somebody did that</td></tr>
 * </table>
 *
 * <p>Message, details (the pool's numbers, the SQLState) and cause are private. The reason never says more than the
 * table.
 *
 * <h2>Dead connections</h2>
 *
 * <p>When a connection of a HikariCP pool is dead, it is evicted and another one borrowed, until one is alive or a new
 * one is dead, too. So the connections that a restarted server has left behind make no {@code DOWN}; the detail
 * {@code discarded} tells their number. Only what the check itself has found dead is evicted.
 *
 * <p>Connections that swallow every question, because a firewall has forgotten them, cannot be told from a frozen
 * server: {@code unreachable}, until the pool has found a live one. It takes its {@code validationTimeout} for each, 5 s
 * if not set, whoever borrows; a shorter one and a {@code keepaliveTime} help the application as well. Nor can a server
 * that freezes while the application holds all connections be told from an exhausted pool.
 *
 * <h2>Time</h2>
 *
 * <p>A run takes at most 85 % of the time it is given, so that it ends by itself and with the true reason: 680 ms of the
 * default 800 ms. The limit is JDBC's {@link Connection#setNetworkTimeout network timeout}, because a frozen server
 * stops everything else: {@code isValid} and the query timeout count whole seconds, and on PostgreSQL the latter needs
 * an answer. A driver without network timeout is bounded by whole seconds, or not at all.
 *
 * <p>{@code isValid} of the drivers of MariaDB and MySQL lets whole seconds replace the network timeout; so there the
 * question is {@code SELECT 1}.
 *
 * <p>A connection is asked for on a daemon thread beside the registry's, because nothing bounds that: a driver connects
 * for as long as its own settings say, and HikariCP tests an idle connection on the borrowing thread for as long as its
 * {@code validationTimeout} says, 5 s if not set. There is one such thread at most; it ends when the source answers, and
 * until then every run says {@code unreachable} for HikariCP, {@code timeout} for others, or what the last such answer
 * was that came too late. Give a source that is no pool limits of its own, for instance {@code connectTimeout} and
 * {@code socketTimeout} of pgjdbc and of MariaDB's driver, which waits 30 s to connect if not told otherwise.
 *
 * <p>A query that takes too long, or waits for a lock, is ended by the server where that can be told to: PostgreSQL by a
 * {@code SET LOCAL statement_timeout} before the query, in a transaction that is rolled back; others by what their driver
 * makes of a {@linkplain java.sql.Statement#setQueryTimeout query timeout}, in whole seconds. No second connection is
 * opened to cancel it. Where neither holds it ends for us, its connection is closed, and the server may go on with it.
 *
 * @see <a href="https://github.com/brettwooldridge/HikariCP#gear-configuration-knobs-baby">HikariCP's settings</a>
 * @see <a href="https://jdbc.postgresql.org/documentation/use/#connection-parameters">pgjdbc's settings</a>
 */
@CheckReturnValue
public final class JdbcHealthCheck implements HealthCheck {
    private static final Duration TIMEOUT = Duration.ofMillis(800);
    /** Less would fail sound connections for want of time. */
    private static final Duration LEAST_TIME = Duration.ofMillis(20);

    private final DataSource dataSource;
    private final @Nullable Query query;
    private final boolean writable;
    private final Duration downWhenExhaustedFor;
    private final Ticker ticker;
    private final Exhaustion exhaustion;
    private final Borrower borrower = new Borrower();

    private JdbcHealthCheck(
            DataSource dataSource,
            @Nullable Query query,
            boolean writable,
            Duration downWhenExhaustedFor,
            Ticker ticker) {
        this.dataSource = dataSource;
        this.query = query;
        this.writable = writable;
        this.downWhenExhaustedFor = downWhenExhaustedFor;
        this.ticker = ticker;
        this.exhaustion = new Exhaustion(ticker);
    }

    /**
     * A check of the database behind {@code dataSource}. If that is a HikariCP pool, or says that it
     * {@linkplain DataSource#isWrapperFor wraps} one, the pool is asked; of HikariCP 4.0.3 or newer, up to 7.
     *
     * @param dataSource the application's own; stays the caller's to close, after the check is unregistered
     * @return the check
     */
    public static JdbcHealthCheck of(DataSource dataSource) {
        return new JdbcHealthCheck(
                requireNonNull(dataSource, "dataSource"), null, false, Duration.ofSeconds(30), Ticker.SYSTEM);
    }

    /**
     * Runs this once the driver has found the connection alive. Whatever succeeds is {@code UP}; at most the first row
     * is read.
     *
     * @param sql a cheap statement without effect; rolled back on PostgreSQL, and where the connection does not commit by
     *     itself
     * @return the changed copy
     * @throws IllegalArgumentException if {@code sql} is blank
     */
    public JdbcHealthCheck query(String sql) {
        return query(new Query(notBlank(sql), null));
    }

    /**
     * Runs this once the driver has found the connection alive, and compares the first column of the first row with
     * what it should be. Anything else, no row and {@code NULL} among it, is {@code DOWN}, reason {@code query-failed}.
     *
     * @param sql a cheap statement without effect; rolled back on PostgreSQL, and where the connection does not commit by
     *     itself
     * @param expected the text that the driver's {@link java.sql.ResultSet#getString getString} has for it, to the
     *     letter: {@code "1"} for the number, {@code "t"} for a boolean of PostgreSQL, {@code "TRUE"} for one of H2; where
     *     drivers differ, cast in the query
     * @return the changed copy
     * @throws IllegalArgumentException if {@code sql} is blank
     */
    public JdbcHealthCheck query(String sql, String expected) {
        return query(new Query(notBlank(sql), requireNonNull(expected, "expected")));
    }

    private JdbcHealthCheck query(Query changed) {
        return new JdbcHealthCheck(dataSource, changed, writable, downWhenExhaustedFor, ticker);
    }

    /**
     * Is {@code DOWN}, reason {@code read-only}, when the connection does not take writes: when the driver says so, and
     * on some databases also when the server does.
     *
     * <ul>
     *   <li>PostgreSQL: because it is a standby or read-only by default; one more round trip.
     *   <li>MariaDB and MySQL: because transactions or InnoDB are read-only, or {@code read_only} is set and this user
     *       is not exempt from it; three more round trips, one of which begins a transaction, to be rolled back.
     * </ul>
     *
     * @return the changed copy
     */
    public JdbcHealthCheck requireWritable() {
        return new JdbcHealthCheck(dataSource, query, true, downWhenExhaustedFor, ticker);
    }

    /**
     * How long a HikariCP pool must have been exhausted to be {@code DOWN}; until then it is {@code DEGRADED}. An
     * overload passes, and to withdraw the instance would move it to the next one; a leak of connections does not pass.
     * Counted from the first run that found the pool exhausted, as long as none since then got a connection. 30 seconds
     * if not said.
     *
     * @param duration zero or more; zero is {@code DOWN} at once
     * @return the changed copy
     * @throws IllegalArgumentException if {@code duration} is negative
     */
    public JdbcHealthCheck downWhenExhaustedFor(Duration duration) {
        require(!requireNonNull(duration, "duration").isNegative(), "duration", duration, ">= 0");
        return new JdbcHealthCheck(dataSource, query, writable, duration, ticker);
    }

    JdbcHealthCheck ticker(Ticker ticker) {
        return new JdbcHealthCheck(dataSource, query, writable, downWhenExhaustedFor, ticker);
    }

    /**
     * Proposes what fits a database: a {@linkplain CheckOptions#dependency() dependency}, which bounds itself and so
     * {@linkplain CheckOptions#interruptOnTimeout(boolean) needs no interrupt}; some drivers take harm from one.
     */
    @Override
    public CheckOptions options(CheckOptions defaults) {
        return defaults.dependency().interruptOnTimeout(false);
    }

    /**
     * Asks, within 800 ms.
     *
     * @throws RuntimeException what a {@code DataSource} throws that has nothing to do with the database
     * @throws InterruptedException if the thread is interrupted while it waits for a connection
     */
    @Override
    public CheckResult check() throws InterruptedException {
        return check(Deadline.after(TIMEOUT));
    }

    /**
     * Asks, within 85 % of the time left.
     *
     * @throws RuntimeException what a {@code DataSource} throws that has nothing to do with the database
     * @throws InterruptedException if the thread is interrupted while it waits for a connection
     */
    @Override
    public CheckResult check(Deadline deadline) throws InterruptedException {
        Duration limit = deadline.remaining().multipliedBy(85).dividedBy(100);
        if (limit.compareTo(LEAST_TIME) < 0) {
            return CheckResult.down("too little time left to ask the database").withReason("timeout");
        }
        ConnectionSource source = source();
        return source.describe(ask(source, Deadline.after(limit)));
    }

    private ConnectionSource source() {
        try {
            ConnectionSource pool = HikariSource.find(dataSource, borrower);
            return pool == null ? new PlainSource(dataSource, borrower) : pool;
        } catch (LinkageError e) { // there is no HikariCP
            return new PlainSource(dataSource, borrower);
        }
    }

    /** The dead connections of a pool whose server was restarted are no fault of the server that there is now. */
    private CheckResult ask(ConnectionSource source, Deadline deadline) throws InterruptedException {
        CheckResult result = askOne(source, deadline);
        int discarded = 0;
        for (int others = source.othersThatMayBeDead(); discarded < others && isInvalid(result); discarded++) {
            result = askOne(source, deadline);
        }
        return discarded == 0 ? result : result.withDetail("discarded", discarded);
    }

    private static boolean isInvalid(CheckResult result) {
        return "invalid".equals(result.reason());
    }

    private CheckResult askOne(ConnectionSource source, Deadline deadline) throws InterruptedException {
        CheckResult refusal = source.refusal();
        if (refusal != null) {
            return refusal;
        }
        Connection connection;
        try {
            connection = source.borrow(deadline);
        } catch (SQLException | TimeoutException | RuntimeException e) {
            return notBorrowed(source, e);
        }
        exhaustion.over();
        return test(new Loan(connection, source, deadline), deadline);
    }

    private CheckResult notBorrowed(ConnectionSource source, Exception failure) {
        CheckResult refusal = source.refusal();
        if (refusal != null) { // it came to that while we waited
            return refusal.withCause(failure);
        }
        String exhausted = source.exhaustion(failure);
        if (exhausted != null) {
            return exhausted(exhausted).withCause(failure);
        }
        if (failure instanceof RuntimeException e && !Faults.isOfJdbc(e)) {
            throw e;
        }
        return failed(failure, Faults.isTimeout(failure) ? "timeout" : "unreachable", "no connection to the database");
    }

    private CheckResult exhausted(String message) {
        Duration lasted = exhaustion.seen();
        CheckResult result = lasted.compareTo(downWhenExhaustedFor) < 0
                ? CheckResult.degraded(message)
                : CheckResult.down(message + ", for " + lasted + " by now");
        return result.withReason("pool-exhausted");
    }

    private CheckResult test(Loan borrowed, Deadline deadline) {
        try (Loan loan = borrowed) {
            if (!loan.isValid()) {
                return invalid(deadline);
            }
            CheckResult result = answer(loan, deadline);
            loan.putBack();
            return result;
        } catch (SQLException e) {
            return failed(e, "invalid", "the connection is dead");
        }
    }

    /** A driver that says no only when time is up has not found the connection dead; it has had no answer. */
    private static CheckResult invalid(Deadline deadline) {
        return deadline.remaining().isZero()
                ? CheckResult.down("the database does not answer").withReason("unreachable")
                : CheckResult.down("the connection is dead").withReason("invalid");
    }

    private CheckResult answer(Loan loan, Deadline deadline) {
        try {
            CheckResult objection = query == null ? null : query.objection(loan);
            if (objection != null) {
                return objection;
            }
            return writable && loan.isReadOnly()
                    ? CheckResult.down("the database takes no writes").withReason("read-only")
                    : CheckResult.up();
        } catch (SQLException e) {
            return deadline.remaining().isZero() || Faults.isTimeout(e)
                    ? CheckResult.down("the query has not ended in time, though the server answered before it")
                            .withReason("timeout")
                            .withCause(e)
                    : failed(e, "query-failed", "the query failed");
        }
    }

    private static CheckResult failed(Exception failure, String otherwise, String message) {
        CheckResult result = CheckResult.down(message)
                .withReason(Faults.reason(failure, otherwise))
                .withCause(failure);
        String state = Faults.sqlState(failure);
        return state == null ? result : result.withDetail("sqlState", state);
    }

    private static String notBlank(String sql) {
        require(!requireNonNull(sql, "sql").isBlank(), "sql", '"' + sql + '"', "not blank");
        return sql;
    }

    private static void require(boolean holds, String name, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
        }
    }
}
