package dev.healthcheck.micrometer;

import dev.healthcheck.Probe;
import dev.healthcheck.http.HealthAnswer;
import java.util.List;
import java.util.function.Consumer;

/** Counts and times the answers of an endpoint. The only class that needs {@code healthcheck-http}. */
final class ProbeRequests implements Consumer<HealthAnswer> {
    private final List<Binding> bindings;

    ProbeRequests(List<Binding> bindings) {
        this.bindings = bindings;
    }

    @Override
    public void accept(HealthAnswer answer) {
        Probe probe = answer.probe();
        String label = probe == null ? "other" : Labels.of(probe);
        for (Binding binding : bindings) {
            binding.answered(
                    label, answer.code(), answer.prober(), answer.duration().toNanos());
        }
    }
}
