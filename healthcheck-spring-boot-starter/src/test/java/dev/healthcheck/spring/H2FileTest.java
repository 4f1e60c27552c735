package dev.healthcheck.spring;

import static dev.healthcheck.spring.Contexts.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/** An interrupt would close the file of the database, which the application shares with the indicator. */
@Tag("slow")
class H2FileTest {
    private static volatile CountDownLatch released = new CountDownLatch(1);

    @TempDir
    Path directory;

    @RepeatedTest(20)
    void a_query_that_misses_its_deadline_does_the_database_of_the_application_no_harm() throws Exception {
        released = new CountDownLatch(1);
        String url = "jdbc:h2:file:" + directory.resolve("db");
        try (Connection application = DriverManager.getConnection(url)) {
            run(application, "CREATE TABLE big AS SELECT x, SPACE(1000) AS s FROM SYSTEM_RANGE(1, 5000)");
            run(application, "CREATE ALIAS hang FOR 'dev.healthcheck.spring.H2FileTest.hang'");
            Contexts.actuator()
                    .withPropertyValues("healthcheck.checks.h2.timeout=100ms")
                    .withBean("h2", HealthIndicator.class, () -> () -> query(url))
                    .run(context -> {
                        assertThat(endpoint(context).healthForPath("h2").getStatus())
                                .isEqualTo(Status.DOWN);
                        released.countDown();
                        run(application, "SELECT SUM(LENGTH(s)) FROM big");
                    });
        }
    }

    private static Health query(String url) {
        try (Connection connection = DriverManager.getConnection(url)) {
            run(connection, "SELECT hang(), SUM(LENGTH(s)) FROM big GROUP BY x");
            return Health.up().build();
        } catch (SQLException e) {
            return Health.down(e).build();
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (statement.execute(sql)) {
                try (ResultSet rows = statement.getResultSet()) {
                    while (rows.next()) {
                        assertThat(rows.getObject(1)).isNotNull();
                    }
                }
            }
        }
    }

    /** Called by H2. Keeps the interrupt, as a driver does that does not listen to it. */
    public static int hang() {
        boolean interrupted = false;
        while (true) {
            try {
                released.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return 1;
    }
}
