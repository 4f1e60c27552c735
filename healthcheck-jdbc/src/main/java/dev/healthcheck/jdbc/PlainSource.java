package dev.healthcheck.jdbc;

import dev.healthcheck.CheckResult;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Any other {@link DataSource}. It takes no limit for a borrow and does not tell whether it is exhausted. A source that has
 * not answered yet may be a full pool or a database that is gone.
 */
final class PlainSource implements ConnectionSource {
    private static final int ENOUGH = 10;

    private final DataSource dataSource;

    PlainSource(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public @Nullable CheckResult refusal() {
        return null;
    }

    @Override
    public boolean isFull() {
        return false;
    }

    @Override
    public boolean hasIdle() {
        return false;
    }

    @Override
    public Connection borrow(Duration longest) throws SQLException {
        return dataSource.getConnection();
    }

    @Override
    public boolean wasFull(Exception failure) {
        return false;
    }

    @Override
    public String unanswered() {
        return "timeout";
    }

    @Override
    public @Nullable Duration patience() {
        return null;
    }

    @Override
    public boolean evict(Connection connection) {
        return false;
    }

    @Override
    public int othersThatMayBeDead() {
        return ENOUGH;
    }

    @Override
    public int maximum() {
        return Integer.MAX_VALUE;
    }

    @Override
    public CheckResult describe(CheckResult result) {
        return result;
    }
}
