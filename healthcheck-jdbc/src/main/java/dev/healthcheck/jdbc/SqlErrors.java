package dev.healthcheck.jdbc;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientConnectionException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tells what an exception means. Pools wrap the driver's exception, so the whole chain of causes counts: the SQLStates of
 * the SQL standard and of the {@linkplain Dialects known vendors}, and the types that JDBC gives to the same faults.
 */
final class SqlErrors {
    private static final int LONGEST_CHAIN = 20;
    private static final int MOST_EXCEPTIONS = 100;
    /** The SQLState that Tomcat's pool gives to its own failures. */
    private static final String GENERAL_ERROR = "HY000";

    private static final String NO_SUCH_CATALOG = "3D000";

    /** In the order of the search. */
    private static final List<String> REFUSALS = List.of("auth", "no-database", "too-many-connections");

    private SqlErrors() {}

    /**
     * Returns the reason code for a connection that could not be opened: {@code otherwise} if the failure is about neither
     * credentials nor the connection. A refusal by the server comes first, because a pool calls all of them a lack of
     * connections.
     */
    static String reasonForNoConnection(Throwable failure, String otherwise) {
        return reason(refusalOfConnection(failure), failure, otherwise);
    }

    /**
     * Returns the reason code for a statement that failed on an open connection: {@code otherwise} if the failure is
     * about neither the user nor the connection. A lack of rights for what the statement needs is about the statement.
     */
    static String reasonForFailedStatement(Throwable failure, String otherwise) {
        return reason(firstRefusal(failure, SqlErrors::refusalOfStatement), failure, otherwise);
    }

    private static String reason(@Nullable String refusal, Throwable failure, String otherwise) {
        if (refusal != null) {
            return refusal;
        }
        return isConnection(failure) ? "unreachable" : otherwise;
    }

    private static @Nullable String refusalOfConnection(Throwable failure) {
        return firstRefusal(failure, SqlErrors::refusalOfConnection);
    }

    private static @Nullable String firstRefusal(Throwable failure, Function<SQLException, @Nullable String> refusal) {
        Set<String> found = new HashSet<>();
        for (Throwable each : all(failure)) {
            String reason = each instanceof SQLException e ? refusal.apply(e) : null;
            if (reason != null) {
                found.add(reason);
            }
        }
        return REFUSALS.stream().filter(found::contains).findFirst().orElse(null);
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
        return !isOfDatabase(failure)
                && (saysNothing(failure)
                        ? any(failure, SqlErrors::speaksOfTimeout)
                        : has(failure, SQLTimeoutException.class));
    }

    private static boolean isOfDatabase(Throwable failure) {
        return refusalOfConnection(failure) != null
                || all(failure).stream().anyMatch(e -> e instanceof IOException || hasState(e, "08"));
    }

    /** A driver gives its errors a state or a number of their own, a pool neither. */
    private static boolean saysNothing(Throwable failure) {
        return causes(failure).stream().noneMatch(SqlErrors::saysSomething);
    }

    private static boolean saysSomething(Throwable e) {
        return e instanceof SQLException failure
                && failure.getSQLState() != null
                && (failure.getErrorCode() != 0 || !failure.getSQLState().equals(GENERAL_ERROR));
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
        return isTimeoutOfPool(failure) || !reasonForNoConnection(failure, "").isEmpty();
    }

    /** Returns the innermost SQLState, which is the driver's own. */
    static @Nullable String sqlState(Throwable failure) {
        String state = null;
        for (Throwable each : causes(failure)) {
            if (each instanceof SQLException e && e.getSQLState() != null) {
                state = e.getSQLState();
            }
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

    /** Returns the reason code if a server refuses to open a connection by this exception, else null. */
    private static @Nullable String refusalOfConnection(SQLException e) {
        if (isAuthorization(e) || isRejectedAuthentication(e)) {
            return "auth";
        }
        if (hasState(e, NO_SUCH_CATALOG)) {
            return "no-database";
        }
        return e.getSQLState() == null ? null : Dialects.refusalOfConnection(e.getSQLState(), e);
    }

    /** Class 28 does not count: the login is over, and MariaDB gives it to statements that need a further right. */
    private static @Nullable String refusalOfStatement(SQLException e) {
        if (hasState(e, NO_SUCH_CATALOG)) {
            return "no-database";
        }
        return e.getSQLState() == null ? null : Dialects.refusalOfStatement(e.getSQLState(), e);
    }

    /** PostgreSQL's driver says so of a missing password, Derby and old servers of MySQL of a wrong one. */
    private static boolean isRejectedAuthentication(SQLException e) {
        return hasState(e, "08004") && e.getMessage() != null && e.getMessage().contains("authentication");
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
        return causes(failure).stream().anyMatch(wanted);
    }

    private static List<Throwable> causes(Throwable failure) {
        List<Throwable> causes = new ArrayList<>();
        Throwable each = failure;
        while (each != null && causes.size() < LONGEST_CHAIN) { // a chain of causes may be a cycle
            causes.add(each);
            each = each.getCause();
        }
        return causes;
    }

    /**
     * Returns the failure and the exceptions that hang on it: causes, JDBC's next exceptions, suppressed ones. A driver
     * that tries several servers, or with and without TLS, has only one to throw.
     */
    private static List<Throwable> all(Throwable failure) {
        List<Throwable> all = new ArrayList<>(List.of(failure));
        for (int i = 0; i < all.size() && all.size() < MOST_EXCEPTIONS; i++) {
            Throwable each = all.get(i);
            add(all, each.getCause());
            add(all, each instanceof SQLException e ? e.getNextException() : null);
            for (Throwable suppressed : each.getSuppressed()) {
                add(all, suppressed);
            }
        }
        return all;
    }

    private static void add(List<Throwable> all, @Nullable Throwable found) {
        if (found != null && all.stream().noneMatch(each -> each == found)) { // it may hang on several, or in a cycle
            all.add(found);
        }
    }
}
