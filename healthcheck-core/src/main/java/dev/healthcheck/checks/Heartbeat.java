package dev.healthcheck.checks;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.Probe;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A check that is told, not asked: a job, a consumer or a poll loop calls {@link #beat()} after each round, and the check
 * is DOWN, reason {@code no-heartbeat}, when the last beat is older than the limit. A broker that answers does not prove
 * that its consumer works; a beat does.
 *
 * <pre>{@code
 * Heartbeat beat = Heartbeat.within(ofMinutes(5));
 * health.register("import", beat);
 * beat.beat(); // after each round
 * }</pre>
 *
 * <p>Before the first beat the check is DEGRADED, reason {@code no-heartbeat-yet}. The limit counts from the creation of
 * this object then: a job that never gets through its first round is DOWN, too. Choose a limit of several rounds, also of
 * slow ones. {@link System#nanoTime()} measures it, so a clock that jumps changes nothing.
 *
 * <p>Belongs to {@link Probe#READINESS} by default. It looks at this process only, so {@link Probe#LIVENESS} may have it
 * if a restart repairs the job. A job that has ended for good has to be unregistered, with
 * {@link dev.healthcheck.Registration#close()}. Thread-safe.
 *
 * <p>Details: in milliseconds {@code ageMs}, since the last beat or the creation, and {@code limitMs}.
 */
public final class Heartbeat implements HealthCheck {
    private static final long NEVER = -1;

    private final Duration limit;
    private final LongSupplier nanos;
    private final long created;
    /** From the creation to the newest beat, in nanoseconds; or {@link #NEVER}. Never falls. */
    private final AtomicLong newest = new AtomicLong(NEVER);

    Heartbeat(Duration limit, LongSupplier nanos) {
        this.limit = limit;
        this.nanos = nanos;
        created = nanos.getAsLong();
    }

    /**
     * Returns a check that is DOWN when no beat has come for longer than {@code limit}.
     *
     * @param limit positive
     * @return the check; the limit begins now
     * @throws IllegalArgumentException if {@code limit} is not positive
     */
    public static Heartbeat within(Duration limit) {
        return new Heartbeat(Arguments.positive("limit", limit), System::nanoTime);
    }

    /**
     * Tells that the job works. Takes no lock and no memory, so any thread may call this at any rate. The check does not
     * run at once: it is UP from its next run on.
     */
    public void beat() {
        long now = sinceCreation();
        long last = newest.get();
        while (now > last && !newest.compareAndSet(last, now)) {
            last = newest.get();
        }
    }

    @Override
    public CheckResult check() {
        long last = newest.get(); // before the clock, so that no age is negative
        Duration age = Duration.ofNanos(sinceCreation() - Math.max(last, 0));
        return judge(last == NEVER, age).withDetail("ageMs", age.toMillis()).withDetail("limitMs", limit.toMillis());
    }

    private CheckResult judge(boolean never, Duration age) {
        if (age.compareTo(limit) > 0) {
            String since = never ? " since the start" : "";
            return CheckResult.down("no beat for " + Words.duration(age) + since)
                    .withReason("no-heartbeat");
        }
        return never
                ? CheckResult.degraded("no beat yet, for " + Words.duration(age))
                        .withReason("no-heartbeat-yet")
                : CheckResult.up();
    }

    private long sinceCreation() {
        return nanos.getAsLong() - created;
    }
}
