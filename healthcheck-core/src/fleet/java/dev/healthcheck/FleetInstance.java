package dev.healthcheck;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * One process of the application: a real registry, whose clock follows that of the fleet, and what the process has read
 * from the database. For one thread.
 */
final class FleetInstance {
    private final FakeTime time = new FakeTime();
    private final FakeWorkers workers = new FakeWorkers();
    private final HealthCheckRegistry health =
            HealthCheckRegistry.builder().clock(time).internals(time, workers).build();
    private final BooleanSupplier database;
    private long now;
    private boolean hasRead;

    /**
     * Starts a process.
     *
     * @param database returns whether the database answers now
     * @param now the time of the fleet
     */
    FleetInstance(FleetPolicy policy, BooleanSupplier database, long now) {
        this.database = database;
        this.now = now;
        health.register("orders-db", this::askDatabase, policy::applyTo);
    }

    private CheckResult askDatabase() {
        return database.getAsBoolean()
                ? CheckResult.up()
                : CheckResult.down("connection refused").withReason("unreachable");
    }

    /** Returns whether the answer to a probe is 200. */
    boolean answers(Probe probe, long at) {
        advanceTo(at);
        var answer = health.checkAsync(probe);
        workers.runAll();
        if (!answer.isDone()) {
            throw new AssertionError("the check has run");
        }
        return answer.join().status() != Status.DOWN;
    }

    void drain(long at) {
        advanceTo(at);
        health.drain();
        workers.runAll();
    }

    void close(long at) {
        advanceTo(at);
        health.close();
    }

    /** Answers a request that cannot do without the database. */
    FleetAnswer order() {
        return reads() ? FleetAnswer.SERVED : FleetAnswer.FAILED;
    }

    /** Answers a request that can do with what this process has read before. */
    FleetAnswer price() {
        if (reads()) {
            return FleetAnswer.SERVED;
        }
        return hasRead ? FleetAnswer.DEGRADED : FleetAnswer.FAILED;
    }

    private boolean reads() {
        boolean answers = database.getAsBoolean();
        hasRead |= answers;
        return answers;
    }

    private void advanceTo(long at) {
        time.advance(Duration.ofNanos(at - now), workers::runAll);
        workers.runAll();
        now = at;
    }
}
