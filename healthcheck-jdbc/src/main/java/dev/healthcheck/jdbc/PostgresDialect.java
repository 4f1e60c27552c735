package dev.healthcheck.jdbc;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** PostgreSQL. */
final class PostgresDialect implements Dialect {
    /** Of a login: this user has no right to connect to the database. */
    private static final String INSUFFICIENT_PRIVILEGE = "42501";

    private static final String TOO_MANY_CONNECTIONS = "53300";
    private static final String QUERY_CANCELED = "57014";
    /** 57P01 to 57P05: the server shuts down, starts, or has ended this connection. */
    private static final String OPERATOR_INTERVENTION = "57P0";

    @Override
    public List<String> products() {
        return List.of("PostgreSQL");
    }

    /** The driver knows only what the application has set. The server may be a standby, or read-only by default. */
    @Override
    public boolean isReadOnly(Statements server) throws SQLException {
        return "on".equals(server.read("SHOW transaction_read_only"));
    }

    @Override
    public @Nullable String refusalOfConnection(String state, SQLException failure) {
        return switch (state) {
            case INSUFFICIENT_PRIVILEGE -> "auth";
            case TOO_MANY_CONNECTIONS -> "too-many-connections";
            default -> ofPgBouncer(state, failure);
        };
    }

    /** PgBouncer may log in to the server only for the first statement. */
    @Override
    public @Nullable String refusalOfStatement(String state, SQLException failure) {
        return ofPgBouncer(state, failure);
    }

    private static @Nullable String ofPgBouncer(String state, SQLException failure) {
        return state.equals(PgBouncer.STATE) && failure.getMessage() != null
                ? PgBouncer.refusal(failure.getMessage())
                : null;
    }

    @Override
    public boolean endsConnection(String state) {
        return state.startsWith(OPERATOR_INTERVENTION);
    }

    @Override
    public boolean endsStatement(String state) {
        return state.equals(QUERY_CANCELED);
    }
}
