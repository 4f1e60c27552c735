package dev.healthcheck.jdbc;

import dev.healthcheck.CheckResult;
import dev.healthcheck.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Where the check's connections come from and go to. */
interface ConnectionSource {

    /** Why no connection may be asked for now; null if one may. */
    @Nullable
    CheckResult refusal();

    /**
     * Borrows one connection, to be closed by the caller.
     *
     * @throws TimeoutException if the deadline has passed; should a connection still come, it goes back by itself
     */
    Connection borrow(Deadline deadline) throws SQLException, TimeoutException, InterruptedException;

    /** Why there was no connection, if all of them are in use; null if that was not why. */
    @Nullable
    String exhaustion(Exception failure);

    /** Sees to it that nobody gets this connection any more. It is still to be closed. */
    void discard(Connection connection);

    /** How many connections may still be dead when one was: for so many more is it worth to ask. */
    int othersThatMayBeDead();

    /** Adds what is known of the source without asking the database. */
    CheckResult describe(CheckResult result);
}
