package dev.healthcheck.jdbc;

import dev.healthcheck.testkit.Ports;
import dev.healthcheck.testkit.Processes;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** PostgreSQL as processes of this machine, from binaries on the class path. Works for root, too. */
final class EmbeddedPostgresServer implements PostgresServer {
    /** Not the default below {@code /tmp}, which belongs to the first user who came. */
    private static final Path BINARIES = Path.of("target", "postgres").toAbsolutePath();

    private static final String PASSWORD = "s3cret-of-postgres";
    private static final String LOG = "server.log";

    private static final DataTemplate TEMPLATE = new DataTemplate(BINARIES, EmbeddedPostgresServer::make);

    private final Path data = TEMPLATE.copy();
    private final int port = Ports.free();
    private final int maxConnections;
    private @Nullable EmbeddedPostgres server;
    private List<Long> frozen = List.of();

    EmbeddedPostgresServer() throws IOException, SQLException {
        this(40);
    }

    EmbeddedPostgresServer(int maxConnections) throws IOException, SQLException {
        this.maxConnections = maxConnections;
        start();
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public String user() {
        return "postgres";
    }

    @Override
    public String password() {
        return PASSWORD;
    }

    @Override
    public String database() {
        return "postgres";
    }

    @Override
    public void stop() throws IOException {
        if (server != null) {
            server.close();
            server = null;
        }
    }

    @Override
    public void start() throws IOException {
        if (server == null) {
            server = builder().setPort(port).start();
        }
    }

    /** The parent first, so that no new child escapes. */
    @Override
    public void freeze() throws IOException {
        long parent = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).get(0).trim());
        Processes.freeze(List.of(parent)); // first, so that no new child escapes
        List<Long> all = new ArrayList<>(List.of(parent));
        ProcessHandle.of(parent).orElseThrow().children().forEach(child -> all.add(child.pid()));
        Processes.freeze(all);
        frozen = all;
    }

    @Override
    public void thaw() throws IOException {
        if (!frozen.isEmpty()) {
            Processes.thaw(frozen);
            frozen = List.of();
        }
    }

    /** Returns what the server has logged, a line each. */
    List<String> log() throws IOException {
        return Files.readAllLines(data.resolve("log").resolve(LOG));
    }

    @Override
    public void close() throws IOException {
        thaw();
        stop();
        DataTemplate.delete(data);
    }

    private EmbeddedPostgres.Builder builder() {
        return builder(data)
                .setServerConfig("max_connections", Integer.toString(maxConnections))
                .setServerConfig("logging_collector", "on")
                .setServerConfig("log_filename", LOG)
                .setConnectConfig("password", PASSWORD);
    }

    private static EmbeddedPostgres.Builder builder(Path data) {
        return EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(BINARIES.toFile())
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setServerConfig("fsync", "off");
    }

    /** A new server trusts everybody, and so no password is wrong. */
    private static void make(Path data) throws IOException, SQLException {
        try (EmbeddedPostgres server = builder(data).start();
                Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER SYSTEM SET scram_iterations = 1"); // a login costs less
            statement.execute("SET scram_iterations = 1");
            statement.execute("ALTER USER postgres PASSWORD '" + PASSWORD + "'");
        }
        Files.writeString(data.resolve("pg_hba.conf"), "host all all all scram-sha-256\n");
    }
}
