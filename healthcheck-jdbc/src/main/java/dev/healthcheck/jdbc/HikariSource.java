package dev.healthcheck.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import dev.healthcheck.CheckResult;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A HikariCP pool. The only class that links to HikariCP, which is optional.
 *
 * <p>Connections come from the {@link DataSource} that the check was given. The pool's own bounded method is used only if
 * that is the pool itself: a subclass or a wrapper may do work of its own on each borrow.
 */
final class HikariSource implements ConnectionSource {
    private final DataSource given;
    private final HikariDataSource pool;

    private HikariSource(DataSource given, HikariDataSource pool) {
        this.given = given;
        this.pool = pool;
    }

    /**
     * Loads HikariCP.
     *
     * @throws LinkageError if it is not there
     */
    static Class<?> load() {
        return HikariDataSource.class;
    }

    /** Returns null if {@code dataSource} neither is nor wraps a HikariCP pool. */
    static @Nullable ConnectionSource find(DataSource dataSource) {
        HikariDataSource pool = poolOf(dataSource);
        return pool == null ? null : new HikariSource(dataSource, pool);
    }

    private static @Nullable HikariDataSource poolOf(DataSource dataSource) {
        if (dataSource instanceof HikariDataSource pool) {
            return pool;
        }
        try {
            return dataSource.isWrapperFor(HikariDataSource.class) ? dataSource.unwrap(HikariDataSource.class) : null;
        } catch (SQLException | RuntimeException | LinkageError e) {
            return null; // a source that cannot say what it wraps counts as of unknown kind
        }
    }

    @Override
    public @Nullable CheckResult refusal() {
        HikariPool started = started();
        if (pool.isClosed() || (started != null && started.poolState == HikariPool.POOL_SHUTDOWN)) {
            return CheckResult.down("the connection pool is closed").withReason("pool-closed");
        }
        if (started != null && started.poolState == HikariPool.POOL_SUSPENDED) {
            return CheckResult.down("the connection pool is suspended").withReason("pool-suspended");
        }
        return null;
    }

    @Override
    public boolean isFull() {
        HikariPool started = started();
        return started != null && started.getTotalConnections() >= maximum() && started.getIdleConnections() == 0;
    }

    @Override
    public boolean hasIdle() {
        HikariPool started = started();
        return started != null && started.getIdleConnections() > 0;
    }

    @Override
    public Connection borrow(Duration longest) throws SQLException {
        HikariPool started = started();
        if (started == null || !isExact()) {
            return given.getConnection();
        }
        return started.getConnection(Math.max(1, Math.min(longest.toMillis(), pool.getConnectionTimeout())));
    }

    /**
     * If the pool gave up while it had all its connections, they were in use all the time. How many are idle now does not
     * matter: one may be changing hands.
     */
    @Override
    public boolean wasFull(Exception failure) {
        HikariPool started = started();
        return started != null
                && started.getTotalConnections() >= maximum()
                && SqlErrors.has(failure, SQLTransientConnectionException.class);
    }

    /** A pool that is not full connects or tests a connection, so it waits for the database. */
    @Override
    public String unanswered() {
        return "unreachable";
    }

    @Override
    public Duration patience() {
        return Duration.ofMillis(pool.getValidationTimeout());
    }

    @Override
    public boolean evict(Connection connection) {
        if (isExact()) {
            pool.evictConnection(connection);
        }
        return isExact();
    }

    /** The connection after all the old ones is new. */
    @Override
    public int othersThatMayBeDead() {
        return maximum();
    }

    /** A pool that has not started may not know its size yet. */
    @Override
    public int maximum() {
        int most = pool.getMaximumPoolSize();
        return most < 1 ? Integer.MAX_VALUE : most;
    }

    @Override
    public CheckResult describe(CheckResult result) {
        HikariPool started = started();
        if (started == null) {
            return result;
        }
        Map<String, Integer> numbers = new LinkedHashMap<>();
        numbers.put("active", started.getActiveConnections());
        numbers.put("idle", started.getIdleConnections());
        numbers.put("total", started.getTotalConnections());
        numbers.put("waiting", started.getThreadsAwaitingConnection());
        numbers.put("max", maximum());
        return result.withDetail("pool", numbers);
    }

    private boolean isExact() {
        return given.getClass() == HikariDataSource.class;
    }

    /** Returns null before the first borrow if the pool was created without its settings. */
    private @Nullable HikariPool started() {
        return pool.getHikariPoolMXBean() instanceof HikariPool started ? started : null;
    }
}
