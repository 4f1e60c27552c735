package dev.healthcheck.jdbc;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.testcontainers.DockerClientFactory;

/**
 * A real PostgreSQL that can be broken and mended: in a container where a Docker engine answers, else from the embedded
 * binaries. Always on the same port, always with a password.
 */
interface PostgresServer extends AutoCloseable {

    static PostgresServer create() throws IOException, SQLException {
        return DockerClientFactory.instance().isDockerAvailable() ? new DockerPostgres() : new EmbeddedPostgresServer();
    }

    int port();

    String user();

    String password();

    String database();

    /** As {@code systemctl stop}: connections are ended, new ones refused. */
    void stop() throws IOException;

    /** Returns once connections are accepted. Without effect if it runs. */
    void start() throws IOException;

    /** Stops every process of the server where it is: connections stay open, nobody answers. */
    void freeze() throws IOException;

    /** Without effect if it is not frozen. */
    void thaw() throws IOException;

    @Override
    void close() throws IOException;

    default String host() {
        return "localhost";
    }

    default String jdbcUrl() {
        return "jdbc:postgresql://" + host() + ":" + port() + "/" + database();
    }

    /** Does not heed the login timeout of the JVM, which is that of the last pool that HikariCP has opened. */
    default Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl() + "?loginTimeout=30", user(), password());
    }

    default void awaitReady() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptions()
                .until(() -> {
                    connect().close();
                    return true;
                });
    }
}
