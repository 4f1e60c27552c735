package dev.healthcheck.http;

import dev.healthcheck.Probe;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One answer that a {@link HealthEndpoint} has given, for metrics. Immutable. */
public final class HealthAnswer {
    private final @Nullable Probe probe;
    private final int code;
    private final String prober;
    private final long nanos;

    HealthAnswer(@Nullable Probe probe, int code, String prober, long nanos) {
        this.probe = probe;
        this.code = code;
        this.prober = prober;
        this.nanos = nanos;
    }

    /**
     * Returns the probe that the request asked for.
     *
     * @return the probe; null for all checks, for one check, and for a method that the endpoint does not serve
     */
    public @Nullable Probe probe() {
        return probe;
    }

    /**
     * Returns the status code.
     *
     * @return the code, see {@link HealthResponse#status()}
     */
    public int code() {
        return code;
    }

    /**
     * Returns the kind of client that asked, by its {@code User-Agent} and other headers.
     *
     * @return {@code kube-probe}, {@code elb}, {@code gcp}, {@code consul}, {@code haproxy}, {@code blackbox},
     *     {@code spring-boot-admin}, {@code browser} or {@code other}
     */
    public String prober() {
        return prober;
    }

    /**
     * Returns the time from the question to the answer. It does not include what the server needs to read the request
     * and to write the response.
     *
     * @return the duration
     */
    public Duration duration() {
        return Duration.ofNanos(nanos);
    }

    @Override
    public String toString() {
        return (probe == null ? "" : Paths.word(probe) + " ") + code + " for " + prober;
    }
}
