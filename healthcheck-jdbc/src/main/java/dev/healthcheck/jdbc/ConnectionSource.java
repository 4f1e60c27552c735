package dev.healthcheck.jdbc;

import dev.healthcheck.CheckResult;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The application's {@link javax.sql.DataSource}, as one run sees it. Only {@link #borrow} reaches the database. */
interface ConnectionSource {

    /** Returns the result of a source that cannot lend a connection now; null if it can. */
    @Nullable
    CheckResult refusal();

    /** Returns whether the pool has its maximum of connections and all are in use. False if the source does not tell. */
    boolean isFull();

    /** Returns whether the pool can lend a connection without a new login. False if the source does not tell. */
    boolean hasIdle();

    /**
     * Borrows one connection, on the calling thread.
     *
     * @param longest how long to wait for it; a source that takes no such limit decides by itself
     */
    Connection borrow(Duration longest) throws SQLException;

    /** Returns whether a borrow has ended with {@code failure} because all connections were in use. */
    boolean wasFull(Exception failure);

    /** Returns the reason code for a borrow that has brought neither a connection nor a cause. */
    String unanswered();

    /** Returns how long the pool itself waits for the answer of a connection that it tests; null if it does not tell. */
    @Nullable
    Duration patience();

    /** Takes a dead connection out of the pool; the caller still closes it. Returns false if the source cannot do that. */
    boolean evict(Connection connection);

    /** Returns how many more connections to try after a dead one. */
    int othersThatMayBeDead();

    /** Returns the maximum size of the pool. {@link Integer#MAX_VALUE} if the source does not tell. */
    int maximum();

    /** Adds what the source tells about itself as details. */
    CheckResult describe(CheckResult result);
}
