package dev.healthcheck.redis;

import io.lettuce.core.api.sync.RedisCommands;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Base of the tests with several servers, which notice each other's faults in their own time: tests wait for that. */
abstract class TopologyTest extends RedisTest {
    private static final String[] SPEAKS_OFTEN = {
        "--repl-ping-replica-period", "1", "--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0"
    };

    private static final Pattern NOT_A_CLIENT = Pattern.compile("name=(admin|sentinel)|flags=[MS]");

    private final Map<RedisServer, RedisCommands<String, String>> admins = new HashMap<>();

    /** The same one whenever it is asked for. */
    final RedisCommands<String, String> adminOf(RedisServer server) {
        return admins.computeIfAbsent(server, this::admin);
    }

    final RedisServer master() {
        return closing(RedisServer.startedHere(SPEAKS_OFTEN));
    }

    /** Has all of its master's data. */
    final RedisServer replicaOf(RedisServer master, String... arguments) {
        RedisServer replica = closing(RedisServer.startedHere(arguments));
        adminOf(replica).replicaof(master.host(), master.port());
        patiently().until(() -> adminOf(replica).info("replication").contains("master_link_status:up"));
        return replica;
    }

    /** Returns the number of connections, without those of administrators and of servers. */
    final int clients(RedisServer server) {
        List<String> all = connections(adminOf(server));
        return (int) all.stream().filter(NOT_A_CLIENT.asPredicate().negate()).count();
    }
}
