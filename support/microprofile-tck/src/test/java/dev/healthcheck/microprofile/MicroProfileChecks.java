package dev.healthcheck.microprofile;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Probe;
import jakarta.enterprise.inject.Instance;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/** Registers the beans of an application that are checks of MicroProfile Health. */
final class MicroProfileChecks {
    private final HealthCheckRegistry health;
    private final Set<String> names = new HashSet<>();

    MicroProfileChecks(HealthCheckRegistry health) {
        this.health = health;
    }

    void register(Instance<HealthCheck> beans) {
        register(beans.select(Liveness.Literal.INSTANCE), Probe.LIVENESS);
        register(beans.select(Readiness.Literal.INSTANCE), Probe.READINESS);
        register(beans.select(Startup.Literal.INSTANCE), Probe.STARTUP);
    }

    private void register(Instance<HealthCheck> beans, Probe probe) {
        for (HealthCheck bean : beans) {
            String name = bean.call().getName(); // only a response has the name
            String unique = names.add(name) ? name : name + "." + probe.name().toLowerCase(Locale.ROOT);
            health.register(unique, () -> resultOf(bean.call()), o -> o.probes(probe));
        }
    }

    private static CheckResult resultOf(HealthCheckResponse response) {
        boolean up = response.getStatus() == HealthCheckResponse.Status.UP;
        CheckResult result = up ? CheckResult.up() : CheckResult.down(response.getName());
        for (Map.Entry<String, Object> datum :
                response.getData().orElse(Map.of()).entrySet()) {
            result = result.withDetail(datum.getKey(), datum.getValue());
        }
        return result;
    }
}
