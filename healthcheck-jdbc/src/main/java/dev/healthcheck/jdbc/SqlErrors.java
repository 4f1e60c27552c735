package dev.healthcheck.jdbc;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What an exception says about the database. Pools wrap the driver's exception, so the whole chain is read: for the
 * classes of SQLState that the SQL standard defines, and for the types that JDBC gives to the same faults.
 */
final class SqlErrors {
    private static final int LONGEST_CHAIN = 20;
    /** The SQLState that Tomcat's pool gives to its own failures. */
    private static final String GENERAL_ERROR = "HY000";

    private SqlErrors() {}

    /**
     * The reason code for a failure: {@code otherwise} if it is about neither credentials nor the connection. What the
     * server says when it refuses comes first, for a pool calls all of it a lack of connections.
     */
    static String reason(Throwable failure, String otherwise) {
        if (any(failure, SqlErrors::isAuthorization)) {
            return "auth";
        }
        if (any(failure, SqlErrors::isLackOfDatabase)) {
            return "no-database";
        }
        if (any(failure, SqlErrors::isServerFull)) {
            return "too-many-connections";
        }
        return isConnection(failure) ? "unreachable" : otherwise;
    }

    /** Whether it is about the connection, which is of no use any more. */
    static boolean isConnection(Throwable failure) {
        return any(failure, SqlErrors::breaksConnection) && !isTimeoutOfPool(failure);
    }

    /** Whether a query took longer than the driver, the network timeout or the server allowed. */
    static boolean isTimeout(Throwable failure) {
        return any(
                failure,
                e -> e instanceof SQLTimeoutException
                        || e instanceof SocketTimeoutException
                        || hasState(e, "57014")); // PostgreSQL's statement_timeout
    }

    /**
     * Whether a pool gave up waiting, and has no failure of the database to show for it. Pools say so in many ways; all
     * have the word in a type or a message.
     */
    static boolean isTimeoutOfPool(Throwable failure) {
        String state = sqlState(failure);
        boolean saysNothing = state == null || state.equals(GENERAL_ERROR);
        return !has(failure, IOException.class)
                && !has(failure, "08")
                && (saysNothing ? any(failure, SqlErrors::speaksOfTimeout) : has(failure, SQLTimeoutException.class));
    }

    /** Not if it only names the network timeout, for instance to say that there is none. */
    private static boolean speaksOfTimeout(Throwable e) {
        String said = (e.getClass().getSimpleName() + " " + e.getMessage())
                .toLowerCase(Locale.ROOT)
                .replace("networktimeout", "");
        return said.contains("timeout") || said.contains("timed out");
    }

    /** Whether the connection was closed before it was lent. */
    static boolean isClosed(Throwable failure) {
        return has(failure, "08003");
    }

    /** Whether it says that there is no connection, and not only that a connection cannot do something. */
    static boolean isNoConnection(Throwable failure) {
        return isTimeoutOfPool(failure) || !reason(failure, "").isEmpty();
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
        return has(failure, SQLException.class);
    }

    static boolean has(Throwable failure, Class<? extends Throwable> type) {
        return any(failure, type::isInstance);
    }

    private static boolean has(Throwable failure, String state) {
        return any(failure, e -> hasState(e, state));
    }

    /** The driver of MariaDB gives the type to a write in a read-only transaction, too: class 25. */
    private static boolean isAuthorization(Throwable e) {
        return hasState(e, "28")
                || (e instanceof SQLInvalidAuthorizationSpecException && !hasState(e, "25"))
                || isMySql(e, "42000", 1044);
    }

    private static boolean isLackOfDatabase(Throwable e) {
        return hasState(e, "3D000") || isMySql(e, "42000", 1049);
    }

    /** The limit may be the server's, the database's or the user's. */
    private static boolean isServerFull(Throwable e) {
        return hasState(e, "53300")
                || isMySql(e, "08004", 1040)
                || isMySql(e, "42000", 1203)
                || isMySql(e, "42000", 1226);
    }

    /** 57P0x is PostgreSQL's own: it is shutting down, or starting, or has ended this connection. */
    private static boolean breaksConnection(Throwable e) {
        return e instanceof SQLNonTransientConnectionException
                || e instanceof SQLTransientConnectionException
                || e instanceof SQLRecoverableException
                || hasState(e, "08")
                || hasState(e, "57P0");
    }

    private static boolean hasState(Throwable e, String prefix) {
        return e instanceof SQLException failure
                && failure.getSQLState() != null
                && failure.getSQLState().startsWith(prefix);
    }

    /** What MariaDB and MySQL number is told apart by the state, which says less, from what others number. */
    private static boolean isMySql(Throwable e, String state, int number) {
        return hasState(e, state) && e instanceof SQLException failure && failure.getErrorCode() == number;
    }

    private static boolean any(Throwable failure, Predicate<Throwable> wanted) {
        Throwable each = failure;
        for (int i = 0; each != null && i < LONGEST_CHAIN; i++) { // a chain may be a circle
            if (wanted.test(each)) {
                return true;
            }
            each = each.getCause();
        }
        return false;
    }
}
