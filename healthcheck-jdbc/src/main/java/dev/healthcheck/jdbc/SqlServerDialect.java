package dev.healthcheck.jdbc;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * SQL Server. The numbers are those of <a
 * href="https://learn.microsoft.com/sql/relational-databases/errors-events/database-engine-events-and-errors">Database
 * Engine events and errors</a>.
 */
final class SqlServerDialect implements Dialect {
    /** The driver makes an SQLState of the error's state, a small number: S0001. */
    private static final String OF_THE_DRIVER = "S0";
    /** The SQLState of a refused login with the driver's setting {@code xopenStates}. */
    private static final String XOPEN = "08001";

    /** The database does not exist, or the user may not use it. The server does not say which. */
    private static final int CANNOT_OPEN_DATABASE = 4060;

    private static final int CANNOT_OPEN_DEFAULT_DATABASE = 4064;
    private static final int LOCKED_OUT_AT_VALIDATION = 15_113;
    private static final int UNTRUSTED_DOMAIN = 18_452;
    private static final int LOGIN_FAILED = 18_456;
    private static final int ACCOUNT_IS_DISABLED = 18_470;
    private static final int ACCOUNT_IS_LOCKED_OUT = 18_486;
    private static final int PASSWORD_HAS_EXPIRED = 18_487;
    private static final int PASSWORD_MUST_BE_CHANGED = 18_488;

    private static final Set<Integer> REFUSED_LOGINS = Set.of(
            CANNOT_OPEN_DATABASE,
            CANNOT_OPEN_DEFAULT_DATABASE,
            LOCKED_OUT_AT_VALIDATION,
            UNTRUSTED_DOMAIN,
            LOGIN_FAILED,
            ACCOUNT_IS_DISABLED,
            ACCOUNT_IS_LOCKED_OUT,
            PASSWORD_HAS_EXPIRED,
            PASSWORD_MUST_BE_CHANGED);

    @Override
    public @Nullable String refusalOfConnection(String state, SQLException failure) {
        boolean isOurs = state.startsWith(OF_THE_DRIVER) || state.equals(XOPEN);
        return isOurs && REFUSED_LOGINS.contains(failure.getErrorCode()) ? "auth" : null;
    }
}
