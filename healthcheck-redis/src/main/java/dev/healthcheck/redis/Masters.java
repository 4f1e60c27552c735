package dev.healthcheck.redis;

import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.Partitions;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import java.util.Map;
import java.util.TreeMap;

/** Provides a key for each master, by which a client finds the master. */
@FunctionalInterface
interface Masters {
    /** The key for a single server, and the begin of the keys for a cluster. */
    String KEY = "healthcheck:writable";

    /** A server that is no cluster. */
    Masters SINGLE = () -> Map.of("", KEY);

    /** Returns the keys by the address of the master. */
    Map<String, String> keys();

    static Masters of(StatefulRedisClusterConnection<?, ?> connection) {
        return () -> keys(connection.getPartitions());
    }

    /** Tries keys until each master has one. A master with few slots takes many tries, and one with none has no key. */
    private static Map<String, String> keys(Partitions partitions) {
        long wanted =
                partitions.stream().filter(node -> !node.getSlots().isEmpty()).count();
        Map<String, String> keys = new TreeMap<>();
        for (int i = 0; i < 10 * SlotHash.SLOT_COUNT && keys.size() < wanted; i++) {
            String key = KEY + ":" + i;
            RedisClusterNode master = partitions.getPartitionBySlot(SlotHash.getSlot(key));
            if (master != null) {
                keys.putIfAbsent(
                        master.getUri().getHost() + ":" + master.getUri().getPort(), key);
            }
        }
        return keys;
    }
}
