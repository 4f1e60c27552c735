package dev.healthcheck.redis;

import static java.time.Duration.ofSeconds;

import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A check that knows its server by its sentinels. */
class SentinelTest extends TopologyTest {
    /** After which the client gives a command up. Longer than a busy machine takes to answer one. */
    private static final Duration COMMAND_TIMEOUT = ofSeconds(3);

    private RedisServer master;
    private RedisServer replica;
    private RedisServer sentinel;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        master = master();
        replica = replicaOf(master);
        sentinel = closing(RedisServer.startedAsSentinel(watching(master, directory)));
        var watcher = closing(client(sentinel.uri()).connectSentinel()).sync();
        patiently().until(() -> watcher.replicas("master").stream()
                .anyMatch(found -> "ok".equals(found.get("master-link-status"))));
    }

    @ParameterizedTest
    @EnumSource
    void a_master_that_dies_is_disconnected_until_another_takes_over(Way way) throws Exception {
        var check = check(way, byName());
        assertUp(run(check));

        master.stop();
        assertDown(ask(check), "disconnected");
        awaitUp(check);
        patiently().until(() -> clients(replica) == 1); // sentinels connect first, and then say that they are none

        master.start();
        assertUp(run(check));
        patiently().until(() -> clients(master) == 0);
    }

    @Test
    void a_master_that_freezes_is_left_as_soon_as_the_client_gives_it_up() throws Exception {
        var check = check(byName());
        assertUp(run(check));

        master.freeze();
        assertDown(ask(check), "timeout");
        awaitUp(check);
        patiently().until(() -> clients(replica) == 1);

        master.thaw();
        assertUp(run(check));
        patiently().until(() -> clients(master) == 0);
    }

    @Test
    void sentinels_are_needed_to_connect_and_not_to_stay_connected() throws Exception {
        var connected = check(byName());
        assertUp(run(connected));

        sentinel.stop();
        assertUp(run(connected));
        for (Way way : new Way[] {Way.CLIENT, Way.CLIENT_AND_URI}) {
            var late = check(way, byName());
            assertDown(ask(late), "disconnected");
            sentinel.start();
            awaitUp(late);
            sentinel.stop();
        }
        assertUp(run(connected));
    }

    @Test
    void a_sentinel_that_freezes_keeps_nobody_waiting() throws Exception {
        sentinel.freeze();
        var check = check(byName());

        assertDown(ask(check), "connecting");

        sentinel.thaw();
        awaitUp(check);
        patiently().until(() -> clients(master) == 1);
    }

    private RedisURI byName() {
        return RedisURI.builder()
                .withSentinel(sentinel.host(), sentinel.port())
                .withSentinelMasterId("master")
                .withTimeout(COMMAND_TIMEOUT)
                .build();
    }

    private static Path watching(RedisServer master, Path directory) throws IOException {
        return Files.writeString(directory.resolve("sentinel.conf"), """
                sentinel monitor master %s %d 1
                sentinel down-after-milliseconds master 2000
                sentinel failover-timeout master 5000
                """.formatted(master.host(), master.port()));
    }
}
