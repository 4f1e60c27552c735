package dev.healthcheck.jdbc;

import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * MariaDB and MySQL. The numbers are those of <a
 * href="https://mariadb.com/docs/server/reference/error-codes">MariaDB Error Codes</a> and of MySQL's <a
 * href="https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html">Server Error Message Reference</a>.
 */
final class MySqlDialect implements Dialect {
    /** {@code transaction_read_only} is the name in MySQL and new MariaDB, {@code tx_read_only} in any MariaDB. */
    private static final String READ_ONLY_FOR_ALL = "SHOW VARIABLES WHERE Variable_name IN"
            + " ('innodb_read_only', 'transaction_read_only', 'tx_read_only') AND Value = 'ON'";

    private static final int TOO_MANY_CONNECTIONS = 1040;
    private static final int DATABASE_ACCESS_DENIED = 1044;
    private static final int UNKNOWN_DATABASE = 1049;
    private static final int HOST_NOT_PRIVILEGED = 1130;
    private static final int TOO_MANY_USER_CONNECTIONS = 1203;
    private static final int USER_LIMIT_REACHED = 1226;
    private static final int OPTION_PREVENTS_STATEMENT = 1290;
    private static final int MUST_CHANGE_PASSWORD = 1820;
    private static final int MUST_CHANGE_PASSWORD_TO_LOG_IN = 1862;
    private static final int ACCOUNT_LOCKED_MYSQL = 3118;
    private static final int SECURE_TRANSPORT_REQUIRED = 3159;
    private static final int BLOCKED_BY_WRONG_PASSWORDS_MYSQL = 3955;
    private static final int BLOCKED_BY_WRONG_PASSWORDS_MARIADB = 4150;
    private static final int ACCOUNT_LOCKED_MARIADB = 4151;

    /** HY000 is the server's, S1000 is what MySQL's driver gives instead to some numbers. */
    private static final Set<String> GENERAL_ERRORS = Set.of("HY000", "S1000");

    @Override
    public List<String> products() {
        return List.of("MariaDB", "MySQL");
    }

    /** A user who may write although the server is read-only may also begin a transaction that says so. */
    @Override
    public boolean isReadOnly(Statements server) throws SQLException {
        if (server.read(READ_ONLY_FOR_ALL) != null) {
            return true;
        }
        try {
            server.execute("START TRANSACTION READ WRITE");
        } catch (SQLException e) {
            if (e.getErrorCode() == OPTION_PREVENTS_STATEMENT) {
                return true;
            }
            throw e;
        }
        server.execute("ROLLBACK");
        return false;
    }

    /** Other vendors use the same numbers; only the state, which alone says less, tells them apart. */
    @Override
    public @Nullable String refusalOfConnection(String state, SQLException failure) {
        int number = failure.getErrorCode();
        if (GENERAL_ERRORS.contains(state)) {
            return isRefusedLogin(number) ? "auth" : null;
        }
        if (state.equals("08004")) {
            return number == TOO_MANY_CONNECTIONS ? "too-many-connections" : null;
        }
        return state.equals("42000") ? refusal(number) : null;
    }

    /** 1045 and 1698 have class 28, which needs no number. */
    private static boolean isRefusedLogin(int number) {
        return switch (number) {
            case HOST_NOT_PRIVILEGED,
                    MUST_CHANGE_PASSWORD,
                    MUST_CHANGE_PASSWORD_TO_LOG_IN,
                    ACCOUNT_LOCKED_MYSQL,
                    SECURE_TRANSPORT_REQUIRED,
                    BLOCKED_BY_WRONG_PASSWORDS_MYSQL,
                    BLOCKED_BY_WRONG_PASSWORDS_MARIADB,
                    ACCOUNT_LOCKED_MARIADB -> true;
            default -> false;
        };
    }

    private static @Nullable String refusal(int number) {
        return switch (number) {
            case DATABASE_ACCESS_DENIED -> "auth";
            case UNKNOWN_DATABASE -> "no-database";
            case TOO_MANY_USER_CONNECTIONS, USER_LIMIT_REACHED -> "too-many-connections";
            default -> null;
        };
    }

    /** A user whose password has expired may connect, but the server refuses every statement. */
    @Override
    public @Nullable String refusalOfStatement(String state, SQLException failure) {
        int number = failure.getErrorCode();
        if (GENERAL_ERRORS.contains(state)) {
            return number == MUST_CHANGE_PASSWORD ? "auth" : null;
        }
        return state.equals("42000") && number == UNKNOWN_DATABASE ? "no-database" : null;
    }
}
