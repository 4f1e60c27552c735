package dev.healthcheck;

import org.jspecify.annotations.Nullable;

/** Reads what is known of the checks by now. Starts no run, waits for nobody, and tells nobody. Thread-safe. */
final class LatestReports {
    private final RegistryContext context;
    private final RegistryState state;

    LatestReports(RegistryContext context, RegistryState state) {
        this.context = context;
        this.state = state;
    }

    /** Returns the report for {@code probe}, or that for all checks if it is null. */
    HealthReport of(@Nullable Probe probe) {
        long now = context.nanos();
        boolean closed = state.isClosed();
        RegisteredCheck[] checks = state.snapshot().of(probe);
        CheckReport[] known = new CheckReport[checks.length];
        for (int i = 0; i < checks.length; i++) {
            known[i] = of(checks[i], probe, closed, now);
        }
        return new HealthReport(probe, state.reason(probe), context.date(), context.nanos() - now, known);
    }

    /** Returns the report of the check {@code name}; null if there is none. */
    @Nullable
    CheckReport of(String name) {
        boolean closed = state.isClosed();
        RegisteredCheck check = state.snapshot().find(name);
        return check == null ? null : of(check, null, closed, context.nanos());
    }

    private static CheckReport of(RegisteredCheck check, @Nullable Probe probe, boolean closed, long now) {
        Status unknown = ReportRequest.unknown(probe);
        return closed ? check.last(probe, unknown) : check.latest(probe, unknown, now);
    }
}
