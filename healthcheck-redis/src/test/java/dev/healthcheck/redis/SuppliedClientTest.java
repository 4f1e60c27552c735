package dev.healthcheck.redis;

import static dev.healthcheck.testkit.Patience.assertAnsweredWithin;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Registration;
import dev.healthcheck.Status;
import dev.healthcheck.testkit.LiveThreads;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.RedisClusterClient;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A check that asks for the client in each run. */
class SuppliedClientTest extends RedisTest {
    private final AtomicReference<AbstractRedisClient> client = new AtomicReference<>();

    private final RedisHealthCheck check = RedisHealthCheck.of(client::get);

    @Test
    void another_client_is_another_connection_and_the_old_one_is_closed() throws Exception {
        var first = server();
        var second = server();
        var adminOfFirst = admin(first);
        var adminOfSecond = admin(second);
        closing(check);
        client.set(client(first.uri()));
        assertUp(run(check));
        assertUp(run(check));
        assertThat(ownConnections(adminOfFirst)).hasSize(1);

        client.set(client(second.uri()));

        assertUp(run(check));
        assertUp(run(check));
        assertThat(ownConnections(adminOfSecond)).hasSize(1);
        await().until(() -> ownConnections(adminOfFirst).isEmpty());

        check.close();
        await().until(() -> ownConnections(adminOfSecond).isEmpty());
        assertDown(run(check), "disconnected");
        assertThat(ownConnections(adminOfSecond)).isEmpty();
    }

    @Test
    void a_client_that_is_shut_down_is_down_until_there_is_another() throws Exception {
        var server = server();
        closing(check);
        var paused = RedisClient.create(server.uri());
        client.set(paused);
        assertUp(run(check));

        paused.shutdown();
        assertDown(ask(check), "disconnected");
        client.set(null);
        assertDown(run(check), "no-client");
        assertThat(run(check).cause()).hasMessage("the supplier of the client returned null");
        client.set(client(server.uri()));

        assertUp(run(check));
    }

    @Test
    void a_client_of_a_cluster_is_asked_for_its_cluster() throws Exception {
        var server = closing(RedisServer.startedAsCluster());
        var admin = admin(server);
        admin.clusterAddSlots(IntStream.range(0, 16384).toArray());
        await().until(() -> admin.clusterInfo().contains("cluster_state:ok"));
        closing(check);
        client.set(closing(RedisClusterClient.create(resources, server.uri())));
        assertUp(run(check));

        admin.clusterDelSlots(7);

        awaitDown(check, "cluster-down");
    }

    @Test
    void a_supplier_that_throws_is_that_run_s_failure() throws Exception {
        var failing = closing(RedisHealthCheck.of(() -> {
            throw new IllegalStateException("paused");
        }));

        var result = run(failing);

        assertDown(result, "no-client");
        assertThat(result.cause()).hasMessage("paused");
    }

    @Test
    void the_settings_hold_for_every_client() throws Exception {
        var replica = server("--replicaof", "127.0.0.1", "1");
        var writable = closing(check.requireWritable());
        client.set(client(server().uri()));
        assertUp(run(writable));

        client.set(client(replica.uri()));

        assertDown(run(writable), "read-only");
    }

    @Test
    void a_supplier_that_hangs_is_down_with_its_reason_and_costs_one_thread() throws Exception {
        var server = server();
        var threads = new LiveThreads();
        var released = new CountDownLatch(1);
        var late = client(server.uri());
        var hanging = RedisHealthCheck.of(() -> {
            awaitUninterruptibly(released);
            return late;
        });
        var health = closing(HealthCheckRegistry.create());
        Registration cache = health.register("cache", hanging, o -> o.cacheFor(ofMillis(1)));

        for (int i = 0; i < 20; i++) {
            CheckReport report = assertAnsweredWithin(ofMillis(900), cache::runNow);
            assertThat(report.status()).isEqualTo(Status.DOWN);
            assertThat(report.reason()).isEqualTo("no-client");
            assertThat(report.message()).startsWith("the supplier of the client has not returned");
        }
        assertThat(threads.since())
                .filteredOn(thread -> thread.getName().equals("healthcheck-cache"))
                .hasSize(1);
        assertThat(threads.since()).noneMatch(thread -> thread.getName().startsWith("healthcheck-redis"));
        released.countDown();

        await().until(() -> cache.runNow().status() == Status.UP);
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
