package dev.healthcheck.jdbc;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tells what an exception means. Pools wrap the driver's exception, so the whole chain of causes counts: the SQLStates of
 * the SQL standard and of the {@linkplain Dialects known vendors}, and the types that JDBC gives to the same faults.
 */
final class SqlErrors {
    private static final int LONGEST_CHAIN = 20;
    /** The SQLState that Tomcat's pool gives to its own failures. */
    private static final String GENERAL_ERROR = "HY000";

    /** In the order of the search. */
    private static final List<String> REFUSALS = List.of("auth", "no-database", "too-many-connections");

    private SqlErrors() {}

    /**
     * Returns the reason code for a failure: {@code otherwise} if it is about neither credentials nor the connection. A
     * refusal by the server comes first, because a pool calls all of them a lack of connections.
     */
    static String reason(Throwable failure, String otherwise) {
        for (String each : REFUSALS) {
            if (any(failure, e -> each.equals(refusal(e)))) {
                return each;
            }
        }
        return isConnection(failure) ? "unreachable" : otherwise;
    }

    /** Returns whether the connection is lost, or could not be made. */
    static boolean isConnection(Throwable failure) {
        return any(failure, SqlErrors::breaksConnection) && !isTimeoutOfPool(failure);
    }

    /** Returns whether a query took longer than the driver, the network timeout or the server allows. */
    static boolean isTimeout(Throwable failure) {
        return any(
                failure,
                e -> e instanceof SQLTimeoutException
                        || e instanceof SocketTimeoutException
                        || hasState(e, state -> Dialects.any(each -> each.endsStatement(state))));
    }

    /**
     * Returns whether a pool has stopped waiting without a failure of the database to report. Pools say so in many ways;
     * all have the word "timeout" in a type or a message.
     */
    static boolean isTimeoutOfPool(Throwable failure) {
        String state = sqlState(failure);
        boolean saysNothing = state == null || state.equals(GENERAL_ERROR);
        return !has(failure, IOException.class)
                && !has(failure, "08")
                && (saysNothing ? any(failure, SqlErrors::speaksOfTimeout) : has(failure, SQLTimeoutException.class));
    }

    /** The network timeout does not count: some drivers only say that they have none. */
    private static boolean speaksOfTimeout(Throwable e) {
        String said = (e.getClass().getSimpleName() + " " + e.getMessage())
                .toLowerCase(Locale.ROOT)
                .replace("networktimeout", "");
        return said.contains("timeout") || said.contains("timed out");
    }

    /** Returns whether the connection was closed before the pool lent it. */
    static boolean isClosed(Throwable failure) {
        return has(failure, "08003");
    }

    /** Returns whether there is no connection, rather than a connection that lacks a feature. */
    static boolean isNoConnection(Throwable failure) {
        return isTimeoutOfPool(failure) || !reason(failure, "").isEmpty();
    }

    /** Returns the innermost SQLState, which is the driver's own. */
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

    /** Returns the reason code if a server refuses a connection by this exception, else null. */
    private static @Nullable String refusal(Throwable e) {
        if (isAuthorization(e)) {
            return "auth";
        }
        if (hasState(e, "3D000")) {
            return "no-database";
        }
        return e instanceof SQLException failure && failure.getSQLState() != null
                ? Dialects.refusal(failure.getSQLState(), failure.getErrorCode())
                : null;
    }

    /** MariaDB's driver gives the type also to a write in a read-only transaction: class 25. */
    private static boolean isAuthorization(Throwable e) {
        return hasState(e, "28") || (e instanceof SQLInvalidAuthorizationSpecException && !hasState(e, "25"));
    }

    private static boolean breaksConnection(Throwable e) {
        return e instanceof SQLNonTransientConnectionException
                || e instanceof SQLTransientConnectionException
                || e instanceof SQLRecoverableException
                || hasState(e, state -> state.startsWith("08") || Dialects.any(each -> each.endsConnection(state)));
    }

    private static boolean hasState(Throwable e, String prefix) {
        return hasState(e, state -> state.startsWith(prefix));
    }

    private static boolean hasState(Throwable e, Predicate<String> wanted) {
        return e instanceof SQLException failure && failure.getSQLState() != null && wanted.test(failure.getSQLState());
    }

    private static boolean any(Throwable failure, Predicate<Throwable> wanted) {
        Throwable each = failure;
        for (int i = 0; each != null && i < LONGEST_CHAIN; i++) { // a chain of causes may be a cycle
            if (wanted.test(each)) {
                return true;
            }
            each = each.getCause();
        }
        return false;
    }
}
