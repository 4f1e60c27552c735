package dev.healthcheck.jdbc;

import dev.healthcheck.testkit.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Debian's PgBouncer as a process of this machine, in front of a server. {@code support/ci/pgbouncer} installs it. */
final class PgBouncerServer implements AutoCloseable {
    /** Not below {@code target}, because PgBouncer gives up root's rights and may not read there. */
    private final Path home = Files.createTempDirectory("pgbouncer");

    private final int port = Ports.free();
    private final Process process;

    /**
     * @param databases the names of databases here and on the server
     * @param users the names and passwords that it knows
     */
    PgBouncerServer(PostgresServer server, Map<String, String> databases, Map<String, String> users, int most)
            throws IOException {
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        write("users.txt", users, (user, password) -> "\"" + user + "\" \"" + password + "\"");
        Path settings = write(
                "databases.ini",
                databases,
                (here, there) -> here + " = host=127.0.0.1 port=" + server.port() + " dbname=" + there);
        Files.writeString(
                settings,
                String.join(
                        "\n",
                        "[databases]",
                        Files.readString(settings),
                        "[pgbouncer]",
                        "listen_addr = 127.0.0.1",
                        "listen_port = " + port,
                        "unix_socket_dir =",
                        "auth_type = scram-sha-256",
                        "auth_file = " + home.resolve("users.txt"),
                        "ignore_startup_parameters = extra_float_digits",
                        "max_client_conn = " + most,
                        "server_login_retry = 0.1",
                        ""));
        List<String> command = new ArrayList<>(List.of("pgbouncer", settings.toString()));
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("-u", "nobody"));
        }
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("log").toFile())
                .start();
        awaitListening();
    }

    String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
        DataTemplate.delete(home);
    }

    private Path write(String name, Map<String, String> pairs, Line line) throws IOException {
        Path file = home.resolve(name);
        List<String> lines = new ArrayList<>();
        new TreeMap<>(pairs).forEach((key, value) -> lines.add(line.of(key, value)));
        Files.write(file, lines);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        return file;
    }

    private void awaitListening() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException(Files.readString(home.resolve("log")));
                    }
                    return answers();
                });
    }

    /** A refusal is an answer. */
    private boolean answers() {
        try {
            DriverManager.getConnection(jdbcUrl("nowhere"), "nobody", "nothing").close();
            return true;
        } catch (SQLException e) {
            return PgBouncer.STATE.equals(e.getSQLState());
        }
    }

    private interface Line {
        String of(String key, String value);
    }
}
