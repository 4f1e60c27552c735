package dev.healthcheck.examples.quickstart;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What the service is for: it takes orders, also while the database is away. Thread-safe. */
final class Orders {
    private final DataSource dataSource;
    private final RedisClient redisClient;
    private final Queue<String> backlog = new ConcurrentLinkedQueue<>();
    private @Nullable StatefulRedisConnection<String, String> redis;

    Orders(DataSource dataSource, RedisClient redisClient) {
        this.dataSource = dataSource;
        this.redisClient = redisClient;
    }

    void take(String item) {
        backlog.add(item);
    }

    /** How many are not stored yet. */
    int waiting() {
        return backlog.size();
    }

    /** Stores those that wait, and counts all. */
    synchronized long store() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            for (String item = backlog.peek(); item != null; item = backlog.peek()) {
                insert(connection, item);
                backlog.remove();
            }
            try (var statement = connection.createStatement();
                    var rows = statement.executeQuery("SELECT count(*) FROM orders")) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    /** How often somebody has looked, or that this is not known: a service that has a cache does without it. */
    String views() {
        try {
            return Long.toString(connection().sync().incr("views"));
        } catch (RedisException e) {
            return "unknown";
        }
    }

    private static void insert(Connection connection, String item) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("INSERT INTO orders (item) VALUES (?)")) {
            statement.setString(1, item);
            statement.executeUpdate();
        }
    }

    private synchronized StatefulRedisConnection<String, String> connection() {
        if (redis == null) {
            redis = redisClient.connect();
        }
        return redis;
    }
}
