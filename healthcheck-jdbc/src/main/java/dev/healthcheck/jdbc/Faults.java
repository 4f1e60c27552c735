package dev.healthcheck.jdbc;

import java.sql.SQLException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What an exception says about the database. Pools wrap the driver's exception, so the whole chain is read: for the
 * classes of SQLState that the SQL standard defines, and for the types that JDBC gives to the same faults.
 */
final class Faults {
    private static final int LONGEST_CHAIN = 20;

    private Faults() {}

    /** The reason code for a failure: {@code otherwise} if it is about neither credentials nor the connection. */
    static String reason(Throwable failure, String otherwise) {
        if (find(failure, Faults::isAuthorization) != null) {
            return "auth";
        }
        return find(failure, Faults::isConnection) != null ? "unreachable" : otherwise;
    }

    /** The innermost SQLState, which is the driver's own. */
    static @Nullable String sqlState(Throwable failure) {
        String state = null;
        Throwable each = failure;
        for (int i = 0; each != null && i < LONGEST_CHAIN; i++) {
            if (each instanceof SQLException e && e.getSQLState() != null) {
                state = e.getSQLState();
            }
            each = each.getCause();
        }
        return state;
    }

    static boolean isOfJdbc(Throwable failure) {
        return find(failure, e -> true) != null;
    }

    private static boolean isAuthorization(SQLException e) {
        return e instanceof SQLInvalidAuthorizationSpecException || hasState(e, "28");
    }

    /** 57P0x is PostgreSQL's own: it is shutting down, or starting, or has ended this connection. */
    private static boolean isConnection(SQLException e) {
        return e instanceof SQLNonTransientConnectionException
                || e instanceof SQLTransientConnectionException
                || e instanceof SQLRecoverableException
                || hasState(e, "08")
                || hasState(e, "57P0");
    }

    private static boolean hasState(SQLException e, String prefix) {
        return e.getSQLState() != null && e.getSQLState().startsWith(prefix);
    }

    private static @Nullable SQLException find(Throwable failure, Predicate<SQLException> wanted) {
        Throwable each = failure;
        for (int i = 0; each != null && i < LONGEST_CHAIN; i++) { // a chain may be a circle
            if (each instanceof SQLException e && wanted.test(e)) {
                return e;
            }
            each = each.getCause();
        }
        return null;
    }
}
