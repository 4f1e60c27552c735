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

/** The work of the service: it takes orders, also while the database is away. Thread-safe. */
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

    /** Returns how many orders are not stored yet. */
    int waiting() {
        return backlog.size();
    }

    /** Stores the orders that wait, and counts all. */
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

    /** Returns how often somebody has looked, or that Redis did not say: the service also works without its cache. */
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
