package dev.healthcheck.jdbc;

import static dev.healthcheck.jdbc.Asked.ample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckReport;
import dev.healthcheck.Status;
import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mariadb.jdbc.MariaDbDataSource;

/** A {@code DataSource} that is no pool, and so connects for each run, for as long as its driver likes. */
@ExtendWith(OneMariaDb.class)
@Timeout(120)
class PlainSourceTest {
    private final MariaDbServer server = OneMariaDb.server();
    private final Asked asked = new Asked();

    @AfterEach
    void mend() throws IOException {
        server.thaw();
        asked.close();
        server.start();
    }

    @Test
    void each_run_opens_one_connection_and_closes_it() throws Exception {
        FakeDatabase counter = new FakeDatabase();
        JdbcHealthCheck sound = JdbcHealthCheck.of(counter.counting(source(""))).requireWritable();
        JdbcHealthCheck failing = sound.query("SELECT * FROM nowhere");

        for (int i = 0; i < 150; i++) {
            JdbcHealthCheck check = i % 10 == 9 ? failing : sound;
            assertThat(check.check(ample()).status()).isEqualTo(check == failing ? Status.DOWN : Status.UP);
        }
        server.stop();
        says("unreachable", sound);
        server.start();
        awaitUp(sound); // or the failure of the last borrow would be reported
        server.freeze();
        says("timeout", sound);
        server.thaw();
        awaitUp(sound);

        assertThat(counter.mostOpen).hasValue(1);
        await().untilAsserted(() -> {
            assertThat(counter.open).hasValue(0);
            assertThat(connections()).isZero();
        });
    }

    @Test
    void a_wrong_password_is_auth() throws Exception {
        MariaDbDataSource source = source("");
        source.setPassword("wrong");

        says("auth", JdbcHealthCheck.of(source));
    }

    @Test
    void a_frozen_server_without_any_limit_of_the_driver_costs_one_run_and_comes_back() throws Exception {
        FakeDatabase counter = new FakeDatabase();
        JdbcHealthCheck check = JdbcHealthCheck.of(counter.counting(source("&connectTimeout=0")));
        awaitUp(check);
        int before = counter.borrows.get();
        server.freeze();

        for (int i = 0; i < 4; i++) {
            CheckReport report = says("timeout", check);
            assertThat(report.message()).contains("no connection has come yet");
        }
        assertThat(counter.borrows.get()).isEqualTo(before + 1);

        server.thaw();
        awaitUp(check);
        await().untilAsserted(() -> assertThat(connections()).isZero());
    }

    @Test
    void a_frozen_server_is_unreachable_as_soon_as_the_driver_has_given_up() throws Exception {
        JdbcHealthCheck early = JdbcHealthCheck.of(source("&connectTimeout=300"));
        JdbcHealthCheck late = JdbcHealthCheck.of(source("&connectTimeout=2000"));
        server.freeze();

        assertThat(says("unreachable", early).details()).containsEntry("sqlState", "08000");

        says("timeout", late);
        asked.awaitReason("unreachable", late);
    }

    private MariaDbDataSource source(String settings) throws SQLException {
        MariaDbDataSource source = new MariaDbDataSource(server.jdbcUrl() + settings);
        source.setUser(server.user());
        source.setPassword(server.password());
        return source;
    }

    private CheckReport says(String reason, JdbcHealthCheck check) {
        return asked.says(reason, "a fault", check);
    }

    private void awaitUp(JdbcHealthCheck check) {
        asked.awaitUp(check);
    }

    private int connections() throws SQLException {
        return server.number("SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'app'");
    }
}
