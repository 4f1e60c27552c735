package dev.healthcheck.jdbc;

import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.InternalServerErrorException;
import dev.healthcheck.testkit.Ports;
import java.io.IOException;
import java.util.List;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** PostgreSQL in a container. The host port is fixed, because a container that is started again gets another one. */
final class DockerPostgres implements PostgresServer {
    private static final DockerImageName IMAGE = DockerImageName.parse(
                    System.getProperty("healthcheck.postgres.image", "postgres:17-alpine"))
            .asCompatibleSubstituteFor("postgres");

    private final int port = Ports.free();
    private final PostgreSQLContainer container = new PostgreSQLContainer(IMAGE);
    private boolean running;
    private boolean frozen;

    DockerPostgres() throws IOException {
        container.setPortBindings(List.of(port + ":" + PostgreSQLContainer.POSTGRESQL_PORT));
        container.start();
        running = true;
        awaitReady();
    }

    @Override
    public String host() {
        return container.getHost();
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public String user() {
        return container.getUsername();
    }

    @Override
    public String password() {
        return container.getPassword();
    }

    @Override
    public String database() {
        return container.getDatabaseName();
    }

    @Override
    public void stop() {
        docker().stopContainerCmd(container.getContainerId()).exec();
        running = false;
    }

    @Override
    public void start() {
        if (!running) {
            docker().startContainerCmd(container.getContainerId()).exec();
            running = true;
            awaitReady();
        }
    }

    @Override
    public void freeze() {
        await().ignoreException(InternalServerErrorException.class) // a busy machine is too slow for runc's freezer
                .untilAsserted(() ->
                        docker().pauseContainerCmd(container.getContainerId()).exec());
        frozen = true;
    }

    @Override
    public void thaw() {
        if (frozen) {
            docker().unpauseContainerCmd(container.getContainerId()).exec();
            frozen = false;
        }
    }

    @Override
    public void close() {
        thaw();
        container.stop();
    }

    private DockerClient docker() {
        return container.getDockerClient();
    }
}
