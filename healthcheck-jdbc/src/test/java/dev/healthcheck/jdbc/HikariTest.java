package dev.healthcheck.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import dev.healthcheck.CheckReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Timeout;

/** HikariCP pools in front of a real server, and checks of them. */
@Timeout(120)
abstract class HikariTest {
    /** Read by HikariCP when a pool is created. */
    private static final String TRUST = "com.zaxxer.hikari.aliveBypassWindowMs";

    private final Asked asked = new Asked();
    private final List<HikariDataSource> pools = new ArrayList<>();

    /** Sets how to connect to the server. */
    abstract void configure(HikariConfig config);

    final void closeClients() {
        asked.close();
        pools.forEach(HikariDataSource::close);
    }

    final CheckReport inTime(String fault, JdbcHealthCheck check) {
        return asked.inTime(fault, check);
    }

    final CheckReport says(String reason, String fault, JdbcHealthCheck check) {
        return asked.says(reason, fault, check);
    }

    final void awaitUp(JdbcHealthCheck check) {
        asked.awaitUp(check);
    }

    final void awaitReason(String reason, JdbcHealthCheck check) {
        asked.awaitReason(reason, check);
    }

    /** The pool connects on a thread of its own: until that has failed, it is only known that no connection has come. */
    final void awaitRefusal(JdbcHealthCheck check) {
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        says("unreachable", "a stopped server", check).details().containsKey("sqlState"));
    }

    final HikariDataSource pool(int size) {
        return pool(size, config -> {});
    }

    final HikariDataSource pool(int size, Consumer<HikariConfig> settings) {
        HikariConfig config = new HikariConfig();
        configure(config);
        config.setMaximumPoolSize(size);
        config.setInitializationFailTimeout(-1);
        settings.accept(config);
        return closedAfterwards(new HikariDataSource(config));
    }

    /** One that starts when it is asked for its first connection. */
    final HikariDataSource lazyPool() {
        HikariDataSource pool = closedAfterwards(new HikariDataSource());
        configure(pool);
        return pool;
    }

    private HikariDataSource closedAfterwards(HikariDataSource pool) {
        pools.add(pool);
        return pool;
    }

    /** Its connections have not been used for long, so HikariCP tests them before it hands them out. */
    final HikariDataSource idlePool(int size, Consumer<HikariConfig> settings) {
        return poolThatTrusts(0, size, settings);
    }

    /** Its connections were used just now, so HikariCP hands them out as they are. */
    final HikariDataSource warmPool(int size, Consumer<HikariConfig> settings) {
        return poolThatTrusts(600_000, size, settings);
    }

    /** For so many milliseconds after their last use, where HikariCP's own choice is 500. */
    private HikariDataSource poolThatTrusts(int millis, int size, Consumer<HikariConfig> settings) {
        System.setProperty(TRUST, Integer.toString(millis));
        try {
            HikariDataSource pool = pool(size, settings);
            awaitFull(pool);
            return pool;
        } finally {
            System.clearProperty(TRUST);
        }
    }

    static void awaitFull(HikariDataSource pool) {
        await().until(() -> pool.getHikariPoolMXBean().getIdleConnections() == pool.getMaximumPoolSize());
    }

    /** Nothing of ours is left in the pool. */
    static void awaitGivenBack(HikariDataSource pool) {
        HikariPoolMXBean gauges = pool.getHikariPoolMXBean();
        await().untilAsserted(() -> {
            assertThat(gauges.getActiveConnections()).isZero();
            assertThat(gauges.getThreadsAwaitingConnection()).isZero();
        });
    }
}
