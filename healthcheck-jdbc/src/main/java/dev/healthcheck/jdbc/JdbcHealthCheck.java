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
 * Checks a database through the application's own {@link DataSource}. Immutable, apart from what its runs remember about
 * the pool; thread-safe.
 *
 * <pre>{@code
 * health.register("orders-db", JdbcHealthCheck.of(dataSource));
 * }</pre>
 *
 * <p>The check is a guest in the pool: it does with a connection only what a request of the application would do. Each run
 * borrows one connection, asks the driver {@link Connection#isValid}, runs the {@linkplain #query query} if there is one,
 * rolls back if the connection does not commit by itself, restores the network timeout and the query timeout, and gives
 * the connection back. One thread does all of this. The check never aborts a connection and never closes the
 * {@code DataSource}. The page <a href="https://github.com/healthcheck-dev/healthcheck/blob/main/docs/jdbc.md">Checking a
 * database</a> has notes about pools, drivers and permissions.
 *
 * <table>
 * <caption>Reasons. The status is {@code DOWN} unless the table says otherwise.</caption>
 * <tr><th>reason</th><th>meaning</th></tr>
 * <tr><td>{@code unreachable}</td><td>no connection can be opened, the connection was lost, or the database does not
 *     answer on an open one</td></tr>
 * <tr><td>{@code auth}</td><td>the server refuses the login: wrong credentials, a locked or expired account, no right to
 *     connect to the database. The page above lists the errors of PostgreSQL, PgBouncer, MariaDB, MySQL, SQL Server and
 *     Oracle. A right that only the query lacks is {@code query-failed}</td></tr>
 * <tr><td>{@code no-database}</td><td>the server has no database of that name (3D000, 1049)</td></tr>
 * <tr><td>{@code too-many-connections}</td><td>no connection is free, and the server, the database or the user may have
 *     no more (53300, 1040, 1203, 1226)</td></tr>
 * <tr><td>{@code invalid}</td><td>every connection that the source has lent is dead</td></tr>
 * <tr><td>{@code query-failed}</td><td>the database refuses the query, or the answer is not the expected one</td></tr>
 * <tr><td>{@code timeout}</td><td>the query has not ended in time, although the server answered before it; a connection
 *     came too late to be asked; or a source other than HikariCP has not lent one and does not say why</td></tr>
 * <tr><td>{@code read-only}</td><td>see {@link #requireWritable()}</td></tr>
 * <tr><td>{@code pool-exhausted}</td><td>HikariCP: all connections are in use; {@code DEGRADED} at first, see
 *     {@link #downWhenExhaustedFor}</td></tr>
 * <tr><td>{@code pool-suspended}, {@code pool-closed}</td><td>HikariCP: somebody has suspended or closed the
 *     pool</td></tr>
 * </table>
 *
 * <p>The reason is public and never says more than the table. Message, cause and details are sensitive. The details are
 * {@code database} (product and version), {@code sqlState}, {@code discarded}, {@code waiting}, and the numbers of a
 * HikariCP {@code pool}.
 *
 * <h2>Time</h2>
 *
 * <p>The prober waits at most until the check's deadline. The run may take longer, because a connection that is torn away
 * from its driver is lost to the pool. Before each step the run deposits, by {@link Deadline#ifMissed}, the result to
 * report if the deadline passes during that step. The registry drops the answer of a late run; its connection goes back to
 * the pool.
 *
 * <p>While a run is late, it holds one connection and one thread. The registry starts a second run after 60 s and a third
 * after 180 s. Late runs hold at most half of a HikariCP pool; a run beyond that ends at once with the result of the
 * earlier run. Neither unregistering the check nor closing the registry waits for a late run or ends it: it ends when the
 * driver answers or the pool gives up. Its thread is a daemon, and keeps the check and its class loader until then.
 *
 * <p>If the class of the {@code DataSource} is exactly {@code HikariDataSource}, the run borrows by the pool's own bounded
 * method; in a full pool it waits up to the pool's {@code connectionTimeout}, as the application does. Every other source,
 * including subclasses and wrappers, is asked by {@link DataSource#getConnection()}. If a wrapper
 * {@linkplain DataSource#isWrapperFor unwraps} to a HikariCP pool, the check reads that pool's numbers and settings.
 *
 * <p>The check waits for the answer of a connection as long as {@link #patience} says; the {@linkplain #query query} has a
 * {@linkplain java.sql.Statement#setQueryTimeout query timeout} of 5 s. A {@linkplain Connection#getNetworkTimeout network
 * timeout} that the application has set, for example by the driver's {@code socketTimeout}, also applies to the check.
 *
 * <p>The run evicts a dead connection from a HikariCP pool. It shows other pools the exception of a statement on it. It
 * then borrows the next one: up to the size of a HikariCP pool, else ten, while half of its time is left.
 *
 * <p>After a refused login the check repeats that result and borrows nothing for 10 s, then 20 s, 40 s, and at most 60 s, so
 * that it does not lock an account. The pause ends when a HikariCP pool has an idle connection, and with
 * {@link dev.healthcheck.Registration#runNow runNow}.
 *
 * <p>{@link #check()}, called without a registry, returns when the run is over, however long that takes.
 *
 * @see <a href="https://github.com/brettwooldridge/HikariCP#gear-configuration-knobs-baby">HikariCP's settings</a>
 * @see <a href="https://jdbc.postgresql.org/documentation/use/#connection-parameters">pgjdbc's settings</a>
 */
@CheckReturnValue
public final class JdbcHealthCheck implements HealthCheck {
    private static final Duration TIMEOUT = Duration.ofMillis(800);
    /** Enough for a borrow: with less time, a bounded one would report a sound database as unreachable. */
    private static final Duration LEAST_TIME = Duration.ofMillis(20);

    private final Settings settings;
    private final SharedState shared;

    private JdbcHealthCheck(Settings settings) {
        this.settings = settings;
        shared = new SharedState(settings.ticker());
    }

    /**
     * Returns a check of the database behind {@code dataSource}. Supports HikariCP 4.0.3 or newer; tested with
     * 4.0.3 and 7.1.
     *
     * @param dataSource the application's own. The caller closes it, after unregistering the check
     * @return the check
     */
    public static JdbcHealthCheck of(DataSource dataSource) {
        return new JdbcHealthCheck(Settings.of(requireNonNull(dataSource, "dataSource")));
    }

    /**
     * Sets a query, which runs after {@code isValid}. Any success is {@code UP}. The check reads at most the first row.
     * Default: no query.
     *
     * @param sql a cheap statement without effect; rolled back if the connection does not commit by itself
     * @return the changed copy
     * @throws IllegalArgumentException if {@code sql} is blank
     */
    public JdbcHealthCheck query(String sql) {
        return new JdbcHealthCheck(settings.query(new Query(notBlank(sql), null)));
    }

    /**
     * Sets a query, which runs after {@code isValid}, and the expected first column of the first row. Any other answer,
     * also {@code NULL} and no row, is {@code DOWN}, reason {@code query-failed}. Default: no query.
     *
     * @param sql a cheap statement without effect; rolled back if the connection does not commit by itself
     * @param expected the exact text that the driver's {@link java.sql.ResultSet#getString getString} returns: {@code "1"}
     *     for the number, {@code "t"} for a boolean of PostgreSQL, {@code "TRUE"} for one of H2; where drivers differ, cast
     *     in the query
     * @return the changed copy
     * @throws IllegalArgumentException if {@code sql} is blank
     */
    public JdbcHealthCheck query(String sql, String expected) {
        return new JdbcHealthCheck(settings.query(new Query(notBlank(sql), requireNonNull(expected, "expected"))));
    }

    /**
     * Makes the check {@code DOWN}, reason {@code read-only}, when the connection takes no writes. The check asks
     * the driver, and some servers:
     *
     * <ul>
     *   <li>PostgreSQL: read-only if it is a standby, or by default; one more round trip.
     *   <li>MariaDB and MySQL: read-only if transactions or InnoDB are, or if {@code read_only} is set and this user is not
     *       exempt from it; three more round trips, one of which begins a transaction that is rolled back.
     * </ul>
     *
     * <p>Default: off.
     *
     * @return the changed copy
     */
    public JdbcHealthCheck requireWritable() {
        return new JdbcHealthCheck(settings.requireWritable());
    }

    /**
     * Sets how long a HikariCP pool has to be exhausted to be {@code DOWN}; until then it is {@code DEGRADED}. An overload
     * passes, and withdrawing the instance would move it to the next one; a leak of connections does not pass. The time
     * starts with the first run that finds the pool exhausted. It starts anew after a run that gets a connection, and
     * when two runs are more than 150 s apart. Default: 30 s.
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
     * replaces it. A shorter network timeout that the application has set still holds; a query has at least 6 s. Default:
     * the {@code validationTimeout} of a HikariCP pool, 5 s by its own default; no limit on any other source.
     *
     * <p>A frozen server does no harm without a patience: the answers come when it thaws. If the network swallows every
     * packet of an established connection, no answer comes. Then a check without a patience is {@code DOWN} for as long as
     * the application's own requests hang, up to 15 minutes by the settings of most systems. Set the driver's
     * {@code socketTimeout}, which helps the application as well, or a patience.
     *
     * <p>Use a patience only where the pool tests connections when it lends them ({@code testOnBorrow},
     * {@code validateOnBorrow} and the like). Any other pool may lend the abandoned connection to the application, again
     * and again.
     *
     * @param duration positive; some drivers count in whole seconds, rounded up
     * @return the changed copy
     * @throws IllegalArgumentException if {@code duration} is not positive
     */
    public JdbcHealthCheck patience(Duration duration) {
        boolean positive = !requireNonNull(duration, "duration").isNegative() && !duration.isZero();
        require(positive, "duration", duration, "> 0");
        return new JdbcHealthCheck(settings.patience(duration));
    }

    /** Sets the query timeout, for tests only. Default: {@link Settings#QUERY_SECONDS}. */
    JdbcHealthCheck querySeconds(int seconds) {
        return new JdbcHealthCheck(settings.querySeconds(seconds));
    }

    /** Sets the clock, for tests only. */
    JdbcHealthCheck ticker(Ticker ticker) {
        return new JdbcHealthCheck(settings.ticker(ticker));
    }

    /**
     * Proposes a {@linkplain CheckOptions#dependency() dependency} whose thread is
     * {@linkplain CheckOptions#interruptOnTimeout(boolean) not interrupted}, because some drivers close their connection
     * when they are interrupted.
     */
    @Override
    public CheckOptions options(CheckOptions defaults) {
        return defaults.dependency().interruptOnTimeout(false);
    }

    /**
     * Runs the check with a deadline of 800 ms. Returns when the run is over, which may be later.
     *
     * @throws RuntimeException if the {@code DataSource} throws one that has nothing to do with the database
     */
    @Override
    public CheckResult check() {
        return check(Deadline.after(TIMEOUT));
    }

    /**
     * Runs the check. Returns when the run is over, which may be after the deadline; {@link Deadline#ifMissed} tells the
     * registry what to report then.
     *
     * @throws RuntimeException if the {@code DataSource} throws one that has nothing to do with the database
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
