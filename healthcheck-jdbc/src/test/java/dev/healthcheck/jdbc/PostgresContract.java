package dev.healthcheck.jdbc;

import dev.healthcheck.testkit.AdapterContract;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtendWith;

/** The contract of all adapters, asked of PostgreSQL. */
@ExtendWith(OnePostgres.class)
abstract class PostgresContract extends AdapterContract {
    private static final String NAME = "contract";

    @Override
    protected int serverPort() {
        return OnePostgres.server().port();
    }

    /** As the application's client has to be told. */
    static String url(int port) {
        return "jdbc:postgresql://localhost:" + port + "/"
                + OnePostgres.server().database() + "?ApplicationName=" + NAME;
    }

    static String user() {
        return OnePostgres.server().user();
    }

    static String password() {
        return OnePostgres.server().password();
    }

    @Override
    protected int clients() throws SQLException {
        try (Connection connection = OnePostgres.server().connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT count(*) FROM pg_stat_activity WHERE application_name = '" + NAME + "'")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    @Override
    protected Set<String> secrets() {
        return Set.of(OnePostgres.server().password());
    }
}
