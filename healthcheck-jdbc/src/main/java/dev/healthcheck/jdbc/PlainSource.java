package dev.healthcheck.jdbc;

import dev.healthcheck.CheckResult;
import dev.healthcheck.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Any {@link DataSource}. JDBC offers no bound for one borrow: the login timeout is a setting of the whole source, so
 * it is the application's to set. A source that has not answered may be a pool that is exhausted, for all we know.
 */
final class PlainSource implements ConnectionSource {
    private final DataSource dataSource;
    private final Borrower borrower;

    PlainSource(DataSource dataSource, Borrower borrower) {
        this.dataSource = dataSource;
        this.borrower = borrower;
    }

    @Override
    public @Nullable CheckResult refusal() {
        return null;
    }

    @Override
    public Connection borrow(Deadline deadline) throws SQLException, InterruptedException {
        try {
            return borrower.borrow(dataSource::getConnection, deadline);
        } catch (TimeoutException e) {
            throw new SQLTimeoutException(e.getMessage(), e);
        }
    }

    @Override
    public @Nullable String exhaustion(Exception failure) {
        return null;
    }

    @Override
    public void discard(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException | RuntimeException | AbstractMethodError e) {
            // a driver that cannot, or a connection that is gone already: closing it is what is left
        }
    }

    @Override
    public int othersThatMayBeDead() {
        return 0;
    }

    @Override
    public CheckResult describe(CheckResult result) {
        return result;
    }
}
