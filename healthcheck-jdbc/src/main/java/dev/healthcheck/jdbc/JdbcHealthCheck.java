package dev.healthcheck.jdbc;

import static java.util.Objects.requireNonNull;

import dev.healthcheck.CheckOptions;
import dev.healthcheck.CheckResult;
import dev.healthcheck.Deadline;
import dev.healthcheck.HealthCheck;
import java.sql.Connection;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * Asks a database, through the application's own {@link DataSource}, whether it answers. Immutable but for what its runs
 * remember of a pool; thread-safe.
 *
 * <pre>{@code
 * health.register("orders-db", JdbcHealthCheck.of(dataSource));
 * }</pre>
 *
 * <p>The check is a guest in the pool. It does with a connection only what a request of the application would do, and
 * the pool is as well off with it as without. Each run borrows one connection from the {@code DataSource}, asks the
 * driver {@link Connection#isValid}, runs the {@linkplain #query query} if there is one, ends the transaction if the
 * connection does not commit by itself, and gives the connection back with the network timeout and the query timeout
 * that it had. One thread does all of it, so a source that chooses by thread-local, sets a schema or a role, or connects
 * lazily treats the check as it treats the application. No connection is aborted, and the {@code DataSource} is never
 * closed.
 *
 * <table>
 * <caption>Reasons. The status is {@code DOWN} unless the table says otherwise.</caption>
 * <tr><th>reason</th><th>meaning</th></tr>
 * <tr><td>{@code unreachable}</td><td>the database cannot be connected to, the connection was lost, or a connection is
 *     there and the database does not answer</td></tr>
 * <tr><td>{@code auth}</td><td>the database refuses the credentials (SQLState class 28), or this user (1044 of MariaDB
 *     and MySQL)</td></tr>
 * <tr><td>{@code no-database}</td><td>the server knows no database of that name (3D000, 1049)</td></tr>
 * <tr><td>{@code too-many-connections}</td><td>no connection is free, and the server, the database or the user may have
 *     no more (53300, 1040, 1203, 1226)</td></tr>
 * <tr><td>{@code invalid}</td><td>the source lends connections that are dead, and nothing else</td></tr>
 * <tr><td>{@code query-failed}</td><td>the database refuses the query, or the answer is not the expected one</td></tr>
 * <tr><td>{@code timeout}</td><td>the query has not ended in time, though the server answered before it; a connection
 *     came too late to be asked; or a source other than HikariCP has not lent one and does not say why</td></tr>
 * <tr><td>{@code read-only}</td><td>see {@link #requireWritable()}</td></tr>
 * <tr><td>{@code pool-exhausted}</td><td>HikariCP: all connections are in use; {@code DEGRADED} at first, see
 *     {@link #downWhenExhaustedFor}</td></tr>
 * <tr><td>{@code pool-suspended}, {@code pool-closed}</td><td>HikariCP: somebody did that</td></tr>
 * </table>
 *
 * <p>The reason is public and never says more than the table. Message, cause and details are private. The details are
 * {@code database} (product and version), {@code sqlState}, and the numbers of a HikariCP {@code pool}.
 *
 * <h2>Who waits, and for how long</h2>
 *
 * <p>The prober waits until the check's deadline and not longer. The run may take longer than that: a connection that
 * was torn away from its driver would be lost to the pool. Before each step the run says by {@link Deadline#ifMissed}
 * what the registry reports if the deadline passes during that step, so a hang has the reason of the step in which it
 * hangs. The answer of a late run is dropped, its connection goes back to the pool, and the next question starts a new
 * run.
 *
 * <p>While a run is late it holds one connection and one thread. The registry starts a second run after 60 s and a third
 * after 180 s, which may find a way that the first does not find. The late runs hold at most half of a HikariCP pool; a
 * run beyond that ends at once and reports what the earlier run had to say. Unregistering the check and closing the
 * registry do not wait for a late run and do not end it. It ends when the driver answers or the pool gives up. Its
 * thread is a daemon; until then it keeps the check and its class loader.
 *
 * <p>Called without a registry, {@link #check()} returns when the run is over, however long that takes.
 *
 * <p>A HikariCP pool is asked for a connection in a bounded way, so that it says in time why there is none. When all its
 * connections are in use, the run stands in the queue as the application does, for up to the pool's
 * {@code connectionTimeout}. This holds for an object whose class is {@code HikariDataSource}. Subclasses, wrappers and
 * all other sources are asked by {@link DataSource#getConnection()}. Of a wrapper that
 * {@linkplain DataSource#isWrapperFor unwraps} to a HikariCP pool, the pool's numbers and settings are read.
 *
 * <h2>Patience</h2>
 *
 * <p>On HikariCP the check waits as long for the answer of a connection as the pool itself does when it tests one: its
 * {@code validationTimeout}, 5 s by default. A connection that has not answered by then is given up; the pool replaces
 * it. On every other source the check sets no limit of its own, because some pools lend a connection that was given up
 * again and again. The {@linkplain Connection#getNetworkTimeout network timeout} that the application has set, for
 * example by the driver's {@code socketTimeout}, holds for the check, too.
 *
 * <p>A frozen server does no harm this way: the answers come when it thaws. If the network swallows every packet of an
 * established connection, nothing comes. Then a check without a patience is {@code DOWN} for as long as the
 * application's own requests hang, up to 15 minutes by the settings of most systems. Set the driver's
 * {@code socketTimeout}, which helps the application as well, or {@link #patience}.
 *
 * <p>The {@linkplain #query query} has a {@linkplain java.sql.Statement#setQueryTimeout query timeout} of 5 s: the server
 * ends it, and the connection survives.
 *
 * <h2>Dead connections</h2>
 *
 * <p>A connection whose driver says at once that it is dead is evicted from a HikariCP pool. Other pools are shown the
 * exception of a statement on it, by which most of them know what to throw away. Then the run borrows the next one: up to
 * the size of a HikariCP pool, else ten, while half of its time is left. So the connections that a restarted server has
 * left behind make no {@code DOWN}; the detail {@code discarded} tells their number. If all were dead, the reason is
 * {@code invalid}: let the pool test connections when it lends them.
 *
 * <h2>Refused logins</h2>
 *
 * <p>After {@code auth} the check repeats that result and borrows nothing for 10 s, then 20 s, 40 s, and at most 60 s, so
 * that a wrong password does not lock the account at once. The pause ends when a HikariCP pool has a connection to lend,
 * and with {@link dev.healthcheck.Registration#runNow runNow}.
 *
 * @see <a href="https://github.com/brettwooldridge/HikariCP#gear-configuration-knobs-baby">HikariCP's settings</a>
 * @see <a href="https://jdbc.postgresql.org/documentation/use/#connection-parameters">pgjdbc's settings</a>
 */
@CheckReturnValue
public final class JdbcHealthCheck implements HealthCheck {
    private static final Duration TIMEOUT = Duration.ofMillis(800);
    /** With less, a bounded borrow would call a sound database unreachable. */
    private static final Duration LEAST_TIME = Duration.ofMillis(20);

    private final Settings settings;
    private final SharedState shared;

    private JdbcHealthCheck(Settings settings) {
        this.settings = settings;
        shared = new SharedState(settings.ticker());
    }

    /**
     * Returns a check of the database behind {@code dataSource}. HikariCP is known from 4.0.3 up to 7.
     *
     * @param dataSource the application's own; stays the caller's to close, after the check is unregistered
     * @return the check
     */
    public static JdbcHealthCheck of(DataSource dataSource) {
        return new JdbcHealthCheck(Settings.of(requireNonNull(dataSource, "dataSource")));
    }

    /**
     * Runs this query once the driver has found the connection alive. Every success is {@code UP}; at most the first row
     * is read.
     *
     * @param sql a cheap statement without effect; rolled back where the connection does not commit by itself
     * @return the changed copy
     * @throws IllegalArgumentException if {@code sql} is blank
     */
    public JdbcHealthCheck query(String sql) {
        return new JdbcHealthCheck(settings.query(new Query(notBlank(sql), null)));
    }

    /**
     * Runs this query once the driver has found the connection alive, and compares the first column of the first row with
     * {@code expected}. Everything else, also {@code NULL} and no row, is {@code DOWN}, reason {@code query-failed}.
     *
     * @param sql a cheap statement without effect; rolled back where the connection does not commit by itself
     * @param expected the text that the driver's {@link java.sql.ResultSet#getString getString} has for it, to the
     *     letter: {@code "1"} for the number, {@code "t"} for a boolean of PostgreSQL, {@code "TRUE"} for one of H2; where
     *     drivers differ, cast in the query
     * @return the changed copy
     * @throws IllegalArgumentException if {@code sql} is blank
     */
    public JdbcHealthCheck query(String sql, String expected) {
        return new JdbcHealthCheck(settings.query(new Query(notBlank(sql), requireNonNull(expected, "expected"))));
    }

    /**
     * Makes the check {@code DOWN}, reason {@code read-only}, when the connection does not take writes: when the driver
     * says so, and on some databases also when the server does.
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
        return new JdbcHealthCheck(settings.requireWritable());
    }

    /**
     * Sets how long a HikariCP pool must have been exhausted to be {@code DOWN}; until then it is {@code DEGRADED}. An
     * overload passes, and withdrawing the instance would move it to the next one; a leak of connections does not pass.
     * Counted from the first run that found the pool exhausted, as long as no run since then got a connection and no two
     * runs were more than 150 s apart. Default: 30 s.
     *
     * @param duration zero or more; zero is {@code DOWN} at once
     * @return the changed copy
     * @throws IllegalArgumentException if {@code duration} is negative
     */
    public JdbcHealthCheck downWhenExhaustedFor(Duration duration) {
        require(!requireNonNull(duration, "duration").isNegative(), "duration", duration, ">= 0");
        return new JdbcHealthCheck(settings.downWhenExhaustedFor(duration));
    }

    /**
     * Sets how long the check waits for the answer of a connection before it gives that connection up, so that the pool
     * replaces it. A shorter network timeout that the application has set still holds; a query has 6 s at least. Default:
     * the {@code validationTimeout} of a HikariCP pool; no limit on any other source.
     *
     * <p>Use it only where the pool tests connections when it lends them ({@code testOnBorrow}, {@code validateOnBorrow}
     * and the like). A pool that does not may lend the connection that was given up to the application, again and again.
     *
     * @param duration positive; drivers count in whole seconds, so fractions are rounded up for some
     * @return the changed copy
     * @throws IllegalArgumentException if {@code duration} is not positive
     */
    public JdbcHealthCheck patience(Duration duration) {
        boolean positive = !requireNonNull(duration, "duration").isNegative() && !duration.isZero();
        require(positive, "duration", duration, "> 0");
        return new JdbcHealthCheck(settings.patience(duration));
    }

    /** For tests. Default: {@link Settings#QUERY_SECONDS}. */
    JdbcHealthCheck querySeconds(int seconds) {
        return new JdbcHealthCheck(settings.querySeconds(seconds));
    }

    /** For tests. */
    JdbcHealthCheck ticker(Ticker ticker) {
        return new JdbcHealthCheck(settings.ticker(ticker));
    }

    /**
     * Proposes what fits a database: a {@linkplain CheckOptions#dependency() dependency}, whose thread is
     * {@linkplain CheckOptions#interruptOnTimeout(boolean) not interrupted}; some drivers close the connection then.
     */
    @Override
    public CheckOptions options(CheckOptions defaults) {
        return defaults.dependency().interruptOnTimeout(false);
    }

    /**
     * Asks as if 800 ms were left. Returns when the run is over, which may be later.
     *
     * @throws RuntimeException what a {@code DataSource} throws that has nothing to do with the database
     */
    @Override
    public CheckResult check() {
        return check(Deadline.after(TIMEOUT));
    }

    /**
     * Asks. Returns when the run is over, which may be after the deadline; what is to be reported then is deposited by
     * {@link Deadline#ifMissed}.
     *
     * @throws RuntimeException what a {@code DataSource} throws that has nothing to do with the database
     */
    @Override
    public CheckResult check(Deadline deadline) {
        if (deadline.remaining().compareTo(LEAST_TIME) < 0) {
            return CheckResult.down("too little time left to ask the database").withReason("timeout");
        }
        return new JdbcRun(settings, shared, deadline).result();
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
