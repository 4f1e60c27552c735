package dev.healthcheck.jdbc;

import static dev.healthcheck.testkit.Patience.assertAnsweredWithin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckReport;
import dev.healthcheck.Deadline;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Registration;
import dev.healthcheck.Status;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Checks as a registry runs them: the answer comes in time, whether the run is over or not. */
final class Asked implements AutoCloseable {
    /** Of the registry. */
    private static final Duration BUDGET = Duration.ofMillis(900);

    /**
     * The reasons that a check must report when a busy machine has used up the time of a run before the run came to the
     * fault. A later run has more luck.
     */
    private static final Set<String> TOO_LITTLE_TIME = Set.of("timeout", "pending");

    private final HealthCheckRegistry health = HealthCheckRegistry.create();
    private final Map<HealthCheck, Registration> registrations = new HashMap<>();

    /** For a run whose result matters and its time does not: more time than a busy machine needs. */
    static Deadline ample() {
        return Deadline.after(Duration.ofSeconds(30));
    }

    CheckReport inTime(String fault, HealthCheck check) {
        Registration registration = registrations.computeIfAbsent(check, this::register);
        long start = System.nanoTime();
        CheckReport report = health.check(registration.name()).orElseThrow();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertThat(report).as("report of %s", fault).isNotNull();
        assertAnsweredWithin(BUDGET, took);
        return report;
    }

    private Registration register(HealthCheck check) {
        return health.register("db-" + registrations.size(), check, o -> o.cacheFor(Duration.ZERO));
    }

    /** Fails if the check gives any other reason, but for a lack of time. */
    CheckReport says(String reason, String fault, HealthCheck check) {
        return await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> {
                            CheckReport report = inTime(fault, check);
                            assertThat(report.reason())
                                    .as("reason for %s in %s", fault, report)
                                    .satisfiesAnyOf(
                                            given -> assertThat(given).isEqualTo(reason),
                                            given -> assertThat(given).isIn(TOO_LITTLE_TIME));
                            return report;
                        },
                        report -> reason.equals(report.reason()));
    }

    /** HikariCP may take five seconds between two attempts to connect. */
    void awaitUp(HealthCheck check) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> inTime("what is over", check).status() == Status.UP);
    }

    void awaitReason(String reason, HealthCheck check) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> reason.equals(inTime(reason, check).reason()));
    }

    @Override
    public void close() {
        health.close();
    }
}
