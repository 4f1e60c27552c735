package dev.healthcheck.redis;

import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.InternalServerErrorException;
import java.util.ArrayList;
import java.util.List;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.utility.DockerImageName;

/**
 * A container of the image that the system property {@code healthcheck.redis.image} names. It is created once, and
 * stopped and started beneath Testcontainers, for which a stopped container is gone.
 */
final class ContainerRedisServer extends RedisServer {
    private final GenericContainer<?> container;
    private boolean suspended;

    ContainerRedisServer(int port, List<String> arguments) {
        super(port);
        var command = new ArrayList<>(List.of("redis-server"));
        command.addAll(arguments);
        var image = DockerImageName.parse(System.getProperty("healthcheck.redis.image", "redis:7-alpine"));
        container = new GenericContainer<>(image)
                .withCommand(command.toArray(String[]::new))
                .withExposedPorts(port)
                .waitingFor(new AbstractWaitStrategy() {
                    @Override
                    protected void waitUntilReady() {
                        // whoever starts it does
                    }
                });
        // the same port inside and outside: a fixed one, which a restart keeps, and which a cluster can tell its
        // clients
        container.setPortBindings(List.of(port + ":" + port));
    }

    @Override
    String host() {
        return container.getHost();
    }

    @Override
    void launch() {
        if (container.getContainerId() == null) {
            container.start();
        } else {
            docker().startContainerCmd(container.getContainerId()).exec();
        }
    }

    @Override
    void kill() {
        if (suspended) {
            resume(); // a paused container cannot be killed
        }
        docker().killContainerCmd(container.getContainerId()).exec();
    }

    @Override
    void suspend() {
        await().ignoreException(InternalServerErrorException.class) // a busy machine is too slow for runc's freezer
                .untilAsserted(() ->
                        docker().pauseContainerCmd(container.getContainerId()).exec());
        suspended = true;
    }

    @Override
    void resume() {
        docker().unpauseContainerCmd(container.getContainerId()).exec();
        suspended = false;
    }

    @Override
    public void close() {
        if (suspended) {
            resume();
        }
        container.stop();
    }

    private DockerClient docker() {
        return container.getDockerClient();
    }
}
