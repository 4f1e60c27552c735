package dev.healthcheck.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.HealthCheck;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A {@link DataSource} that is no pool keeps the contract of all adapters. */
class PlainSourceContractTest extends PostgresContract {

    @Override
    protected Application application(int port) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url(port));
        source.setUser(user());
        source.setPassword(password());
        return new Plain(source);
    }

    @Override
    protected Set<String> reasons() {
        return Set.of("unreachable", "timeout");
    }

    private record Plain(DataSource source) implements Application {
        @Override
        public HealthCheck check() {
            return JdbcHealthCheck.of(source);
        }

        @Override
        public void work() throws SQLException {
            try (Connection connection = source.getConnection()) {
                assertThat(connection.isValid(1)).isTrue();
            }
        }

        @Override
        public void assertUnburdened() {
            // it keeps nothing that a check could leave in it
        }

        @Override
        public void close() {
            // so there is nothing to close
        }
    }
}
