package dev.healthcheck.servlet;

import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Status;
import jakarta.servlet.http.HttpServletResponse;
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
    public HttpAnswer answer(Optional<CheckReport> known, HealthFormat format, boolean details) {
        return known.map(check -> HttpAnswer.of(check.status(), format, format.check(check, details)))
                .orElseGet(() ->
                        new HttpAnswer(HttpServletResponse.SC_NOT_FOUND, format, format.problem("no such check")));
    }

    @Override
    public HttpAnswer pending(HealthFormat format) {
        return HttpAnswer.of(Status.DOWN, format, format.pending(Status.DOWN));
    }
}
