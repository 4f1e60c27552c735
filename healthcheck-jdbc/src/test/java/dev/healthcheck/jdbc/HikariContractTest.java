package dev.healthcheck.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.healthcheck.HealthCheck;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/** A HikariCP pool keeps the contract of all adapters. */
class HikariContractTest extends PostgresContract {

    @Override
    protected Application application(int port) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url(port));
        config.setUsername(user());
        config.setPassword(password());
        config.setMaximumPoolSize(3);
        config.setConnectionTimeout(1000);
        config.setInitializationFailTimeout(-1);
        config.setValidationTimeout(1000);
        HikariDataSource pool = new HikariDataSource(config);
        await().until(() -> pool.getHikariPoolMXBean().getIdleConnections() == 3);
        return new Pooled(pool);
    }

    @Override
    protected Set<String> reasons() {
        return Set.of("unreachable", "invalid");
    }

    private record Pooled(HikariDataSource pool) implements Application {
        @Override
        public HealthCheck check() {
            return JdbcHealthCheck.of(pool);
        }

        @Override
        public void work() throws SQLException {
            try (Connection connection = pool.getConnection()) {
                assertThat(connection.isValid(1)).isTrue();
            }
        }

        @Override
        public void assertUnburdened() {
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        }

        @Override
        public void close() {
            pool.close();
        }
    }
}
