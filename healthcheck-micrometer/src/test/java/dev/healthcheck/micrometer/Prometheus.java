package dev.healthcheck.micrometer;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/** Micrometer's registry for Prometheus, which is in another package in the oldest supported release. */
final class Prometheus {
    private static final List<String> PACKAGES = List.of("io.micrometer.prometheusmetrics", "io.micrometer.prometheus");

    final MeterRegistry meters;

    Prometheus() throws ReflectiveOperationException {
        String name = PACKAGES.stream().filter(Prometheus::isThere).findFirst().orElseThrow();
        Class<?> config = Class.forName(name + ".PrometheusConfig");
        Object defaults = config.getField("DEFAULT").get(null);
        meters = Class.forName(name + ".PrometheusMeterRegistry")
                .asSubclass(MeterRegistry.class)
                .getConstructor(config)
                .newInstance(defaults);
    }

    private static boolean isThere(String packageName) {
        return Prometheus.class.getResource("/" + packageName.replace('.', '/') + "/PrometheusConfig.class") != null;
    }

    String scrape() {
        try {
            return (String) meters.getClass().getMethod("scrape").invoke(meters);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }
}
