package dev.healthcheck.jdbc;

import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Oracle. The numbers are those of <a href="https://docs.oracle.com/error-help/db/">Database Error Messages</a>, the
 * SQLStates those of the driver's {@code errorMap.xml}.
 */
final class OracleDialect implements Dialect {
    /** The driver gives them to 1000 to 1099, and to all numbers that it has no SQLState for. */
    private static final Set<String> STATES = Set.of("72000", "99999");

    private static final int NULL_PASSWORD_GIVEN = 1005;
    private static final int INVALID_USER_OR_PASSWORD = 1017;
    private static final int LACKS_CREATE_SESSION = 1045;
    private static final int ACCOUNT_IS_LOCKED = 28_000;
    private static final int PASSWORD_HAS_EXPIRED = 28_001;
    private static final int ENTERPRISE_ACCOUNT_IS_LOCKED = 28_051;

    private static final Set<Integer> REFUSED_LOGINS = Set.of(
            NULL_PASSWORD_GIVEN,
            INVALID_USER_OR_PASSWORD,
            LACKS_CREATE_SESSION,
            ACCOUNT_IS_LOCKED,
            PASSWORD_HAS_EXPIRED,
            ENTERPRISE_ACCOUNT_IS_LOCKED);

    @Override
    public @Nullable String refusalOfConnection(String state, SQLException failure) {
        return STATES.contains(state) && REFUSED_LOGINS.contains(failure.getErrorCode()) ? "auth" : null;
    }
}
