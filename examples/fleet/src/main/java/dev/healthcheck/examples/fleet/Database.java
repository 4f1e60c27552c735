package dev.healthcheck.examples.fleet;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The PostgreSQL that all instances share. It keeps its port and its data through every stop. */
final class Database implements AutoCloseable {
    private final Path binaries;
    private final Path data;
    private final int port = Ports.free();
    private EmbeddedPostgres server;

    /**
     * Starts it.
     *
     * @param binaries the directory of PostgreSQL itself, which several databases may share
     */
    Database(Path binaries, Path data) throws IOException, SQLException {
        this.binaries = binaries;
        this.data = data;
        server = launch();
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE orders (id serial PRIMARY KEY)");
            statement.execute("CREATE TABLE price (amount int NOT NULL)");
            statement.execute("INSERT INTO price VALUES (42)");
        }
    }

    String jdbcUrl() {
        return "jdbc:postgresql://localhost:" + port + "/postgres?connectTimeout=1&socketTimeout=2";
    }

    /** Ends all connections; new ones are refused. */
    void stop() throws IOException {
        server.close();
    }

    /** Returns when it answers. */
    void start() throws IOException {
        server = launch();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private EmbeddedPostgres launch() throws IOException {
        return EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(binaries.toFile())
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPort(port)
                .setServerConfig("fsync", "off")
                .start();
    }
}
