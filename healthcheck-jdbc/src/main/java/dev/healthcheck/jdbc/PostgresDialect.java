package dev.healthcheck.jdbc;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** PostgreSQL. */
final class PostgresDialect implements Dialect {
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
    public @Nullable String refusal(String state, int number) {
        return state.equals(TOO_MANY_CONNECTIONS) ? "too-many-connections" : null;
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
