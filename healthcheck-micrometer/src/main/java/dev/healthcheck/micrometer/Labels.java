package dev.healthcheck.micrometer;

import dev.healthcheck.CheckReport;
import dev.healthcheck.Probe;
import dev.healthcheck.Status;
import java.util.List;
import java.util.Locale;

/** The values of labels that have a fixed set of values. */
final class Labels {
    static final List<String> STATUSES = List.of("up", "degraded", "down", "unknown");

    private Labels() {}

    static String of(Status status) {
        return lower(status);
    }

    static String of(Probe probe) {
        return lower(probe);
    }

    /** Returns the status of a check as the registry knows it. */
    static String status(CheckReport report) {
        return report.isKnown() ? of(report.status()) : "unknown";
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
