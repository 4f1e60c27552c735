package dev.healthcheck.jdbc;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** MariaDB and MySQL. */
final class MySqlDialect implements Dialect {
    /** {@code transaction_read_only} is the name in MySQL and new MariaDB, {@code tx_read_only} in any MariaDB. */
    private static final String READ_ONLY_FOR_ALL = "SHOW VARIABLES WHERE Variable_name IN"
            + " ('innodb_read_only', 'transaction_read_only', 'tx_read_only') AND Value = 'ON'";

    private static final int DATABASE_ACCESS_DENIED = 1044;
    private static final int UNKNOWN_DATABASE = 1049;
    private static final int TOO_MANY_CONNECTIONS = 1040;
    private static final int TOO_MANY_USER_CONNECTIONS = 1203;
    private static final int USER_LIMIT_REACHED = 1226;
    private static final int OPTION_PREVENTS_STATEMENT = 1290;

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
    public @Nullable String refusal(String state, int number) {
        if (state.equals("08004")) {
            return number == TOO_MANY_CONNECTIONS ? "too-many-connections" : null;
        }
        return state.equals("42000") ? refusal(number) : null;
    }

    private static @Nullable String refusal(int number) {
        return switch (number) {
            case DATABASE_ACCESS_DENIED -> "auth";
            case UNKNOWN_DATABASE -> "no-database";
            case TOO_MANY_USER_CONNECTIONS, USER_LIMIT_REACHED -> "too-many-connections";
            default -> null;
        };
    }
}
