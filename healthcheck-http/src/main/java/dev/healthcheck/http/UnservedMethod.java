package dev.healthcheck.http;

import dev.healthcheck.HealthCheckRegistry;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The target of a request with a method other than {@code GET} and {@code HEAD}. The answer says so. */
final class UnservedMethod implements ProbeTarget<String> {
    private static final String PROBLEM = "only GET and HEAD";

    @Override
    public CompletableFuture<String> ask(HealthCheckRegistry registry) {
        return CompletableFuture.completedFuture(PROBLEM);
    }

    @Override
    public String await(HealthCheckRegistry registry) {
        return PROBLEM;
    }

    @Override
    public int code(String known) {
        return NOT_ALLOWED;
    }

    @Override
    public byte[] body(String known, HealthFormat format, boolean details) {
        return format.problem(PROBLEM);
    }

    @Override
    public Map<String, String> headers() {
        return Map.of("Allow", "GET, HEAD");
    }

    @Override
    public boolean hasDetails() {
        return false;
    }
}
