package dev.healthcheck.http;

import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthCheckRegistry;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** One check with its history. */
record CheckTarget(String name) implements ProbeTarget<Optional<CheckReport>> {

    @Override
    public CompletableFuture<Optional<CheckReport>> ask(HealthCheckRegistry registry) {
        return registry.checkAsync(name);
    }

    @Override
    public Optional<CheckReport> await(HealthCheckRegistry registry) {
        return registry.check(name);
    }

    @Override
    public int code(Optional<CheckReport> known) {
        return known.map(check -> ProbeTarget.code(check.status())).orElse(NOT_FOUND);
    }

    @Override
    public byte[] body(Optional<CheckReport> known, HealthFormat format, boolean details) {
        return known.map(check -> format.check(check, details)).orElseGet(() -> format.problem("no such check"));
    }
}
