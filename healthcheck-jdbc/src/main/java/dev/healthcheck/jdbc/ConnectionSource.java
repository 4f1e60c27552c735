package dev.healthcheck.jdbc;

import dev.healthcheck.CheckResult;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What one run knows of the application's {@link DataSource}. Nothing here asks the database but {@link #borrow}. */
interface ConnectionSource {

    /** Returns {@code dataSource} as a HikariCP pool if it is one or wraps one, else as a source of unknown kind. */
    static ConnectionSource of(DataSource dataSource) {
        ConnectionSource pool;
        try {
            pool = HikariSource.find(dataSource);
        } catch (LinkageError e) { // there is no HikariCP
            pool = null;
        }
        return pool == null ? new PlainSource(dataSource) : pool;
    }

    /** Returns why no connection may be asked for now; null if one may. */
    @Nullable
    CheckResult refusal();

    /** Whether the pool has all the connections it may have, and all are in use. False if that cannot be known. */
    boolean isFull();

    /** Whether the pool has a connection to lend without a new login. False if that cannot be known. */
    boolean hasIdle();

    /**
     * Borrows one connection, on the calling thread.
     *
     * @param longest how long to wait for it, if the source can be told; else the source decides
     */
    Connection borrow(Duration longest) throws SQLException;

    /** Whether {@code failure}, by which a borrow has ended, came because all connections were in use. */
    boolean wasFull(Exception failure);

    /** Returns the reason for a borrow that has brought neither a connection nor a cause. */
    String unanswered();

    /** Returns how long the pool itself waits for the answer of a connection that it tests; null if not known. */
    @Nullable
    Duration patience();

    /** Takes a dead connection out of the pool. It is still to be closed. Returns false if the source cannot be told. */
    boolean evict(Connection connection);

    /** Returns how many more connections are worth a question after one was dead. */
    int othersThatMayBeDead();

    /** Returns how many connections the pool may have. {@link Integer#MAX_VALUE} if that cannot be known. */
    int maximum();

    /** Adds what is known of the source. */
    CheckResult describe(CheckResult result);
}
