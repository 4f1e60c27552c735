package dev.healthcheck.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Registration;
import dev.healthcheck.Status;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Checks as a registry runs them: the answer comes in time, whether the run is over or not. */
final class Asked implements AutoCloseable {
    /** A run that hangs does so for five seconds at least; the registry answers after 800 ms, on a busy machine later. */
    private static final Duration OVERDUE = Duration.ofSeconds(3);

    private final HealthCheckRegistry health = HealthCheckRegistry.create();
    private final Map<JdbcHealthCheck, Registration> registrations = new HashMap<>();

    CheckReport inTime(String fault, JdbcHealthCheck check) {
        Registration registration = registrations.computeIfAbsent(check, this::register);
        long start = System.nanoTime();
        CheckReport report = health.check(registration.name()).orElseThrow();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertThat(took).as("time to say %s of %s", report, fault).isLessThan(OVERDUE);
        return report;
    }

    private Registration register(JdbcHealthCheck check) {
        return health.register("db-" + registrations.size(), check, o -> o.cacheFor(Duration.ZERO));
    }

    /** HikariCP may take five seconds between two attempts to connect. */
    void awaitUp(JdbcHealthCheck check) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> inTime("what is over", check).status() == Status.UP);
    }

    void awaitReason(String reason, JdbcHealthCheck check) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> reason.equals(inTime(reason, check).reason()));
    }

    @Override
    public void close() {
        health.close();
    }
}
