package dev.healthcheck.jdbc;

import dev.healthcheck.testkit.AdapterContract;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract of all adapters, asked of PostgreSQL. */
abstract class PostgresContract extends AdapterContract {
    private static final String NAME = "contract";

    private static PostgresServer server;

    @BeforeAll
    static void startServer() throws Exception {
        server = PostgresServer.create();
    }

    @AfterAll
    static void closeServer() throws IOException {
        server.close();
    }

    @Override
    protected int serverPort() {
        return server.port();
    }

    /** As the application's client has to be told. */
    static String url(int port) {
        return "jdbc:postgresql://localhost:" + port + "/" + server.database() + "?ApplicationName=" + NAME;
    }

    static String user() {
        return server.user();
    }

    static String password() {
        return server.password();
    }

    @Override
    protected int clients() throws SQLException {
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT count(*) FROM pg_stat_activity WHERE application_name = '" + NAME + "'")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    @Override
    protected Set<String> secrets() {
        return Set.of(server.password());
    }
}
