package dev.healthcheck.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import dev.healthcheck.CheckResult;
import dev.healthcheck.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A HikariCP pool. The only class that knows HikariCP, so that without it nothing else fails to load. */
final class HikariSource implements ConnectionSource {
    private final HikariDataSource dataSource;
    private final Borrower borrower;

    private HikariSource(HikariDataSource dataSource, Borrower borrower) {
        this.dataSource = dataSource;
        this.borrower = borrower;
    }

    /** Returns null if {@code dataSource} is no HikariCP pool and wraps none. */
    static @Nullable ConnectionSource find(DataSource dataSource, Borrower borrower) {
        HikariDataSource pool = poolOf(dataSource);
        return pool == null ? null : new HikariSource(pool, borrower);
    }

    private static @Nullable HikariDataSource poolOf(DataSource dataSource) {
        if (dataSource instanceof HikariDataSource pool) {
            return pool;
        }
        try {
            return dataSource.isWrapperFor(HikariDataSource.class) ? dataSource.unwrap(HikariDataSource.class) : null;
        } catch (SQLException | RuntimeException | AbstractMethodError e) {
            return null; // one that cannot say what it wraps is used as it is
        }
    }

    @Override
    public @Nullable CheckResult refusal() {
        HikariPool pool = pool();
        if (dataSource.isClosed() || (pool != null && pool.poolState == HikariPool.POOL_SHUTDOWN)) {
            return CheckResult.down("the connection pool is closed").withReason("pool-closed");
        }
        if (pool != null && pool.poolState == HikariPool.POOL_SUSPENDED) {
            return CheckResult.down("the connection pool is suspended").withReason("pool-suspended");
        }
        return null;
    }

    @Override
    public Connection borrow(Deadline deadline) throws SQLException, TimeoutException, InterruptedException {
        return borrower.borrow(() -> request(deadline), deadline);
    }

    /**
     * The pool's own method with a limit fails with SQLState and cause; interrupted, it would tell neither. It gets
     * three quarters of the time, so that what it says is heard, and that a connection which comes late can be tested.
     */
    private Connection request(Deadline deadline) throws SQLException {
        HikariPool pool = pool();
        long patience = deadline.remaining().toMillis() * 3 / 4;
        return pool == null ? dataSource.getConnection() : pool.getConnection(Math.max(1, patience));
    }

    /**
     * If the pool itself gave up while it had all its connections, they were in use all the time, whatever a glance
     * says now that one is changing hands. If the pool is still busy with our request, it may be testing a connection
     * for us, which then counts as in use: only if others wait too, all are.
     */
    @Override
    public @Nullable String exhaustion(Exception failure) {
        HikariPool pool = pool();
        if (pool == null) {
            return null;
        }
        int max = dataSource.getMaximumPoolSize();
        boolean exhausted = failure instanceof TimeoutException
                ? pool.getActiveConnections() >= max && pool.getThreadsAwaitingConnection() > 0
                : pool.getTotalConnections() >= max;
        return exhausted ? "no connection became free: all " + max + " of the pool are in use" : null;
    }

    @Override
    public void discard(Connection connection) {
        dataSource.evictConnection(connection);
    }

    /** What comes after all the old ones is new. */
    @Override
    public int othersThatMayBeDead() {
        return dataSource.getMaximumPoolSize();
    }

    @Override
    public CheckResult describe(CheckResult result) {
        HikariPool pool = pool();
        if (pool == null) {
            return result;
        }
        Map<String, Integer> numbers = new LinkedHashMap<>();
        numbers.put("active", pool.getActiveConnections());
        numbers.put("idle", pool.getIdleConnections());
        numbers.put("total", pool.getTotalConnections());
        numbers.put("waiting", pool.getThreadsAwaitingConnection());
        numbers.put("max", dataSource.getMaximumPoolSize());
        return result.withDetail("pool", numbers);
    }

    /** Null until the first connection is asked for, if the pool was not given its settings when it was created. */
    private @Nullable HikariPool pool() {
        return dataSource.getHikariPoolMXBean() instanceof HikariPool pool ? pool : null;
    }
}
