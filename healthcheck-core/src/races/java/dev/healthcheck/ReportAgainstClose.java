package dev.healthcheck;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * O1, R16d: the registry is closed while a report is made: the report is complete, and UP only if all was still
 * open.
 */
@JCStressTest
@Outcome(id = "UP, null", expect = ACCEPTABLE, desc = "the report was first")
@Outcome(id = "DOWN, closed", expect = ACCEPTABLE, desc = "the closing was first")
@State
public class ReportAgainstClose {
    private final VirtualChecks virtual = new VirtualChecks();
    private final HealthCheckRegistry registry = virtual.registry();
    private final Registration registration = registry.register("db", CheckResult::up);
    private @Nullable CompletableFuture<HealthReport> report;

    @Actor
    public void close() {
        registry.close();
    }

    @Actor
    public void ask() {
        report = registry.checkAsync(Probe.READINESS);
        virtual.workers.runAll();
    }

    @Arbiter
    public void look(LL_Result r) {
        virtual.workers.runAll();
        HealthReport known = report == null ? null : report.getNow(null);
        r.r1 = known == null ? "no answer of " + registration : known.status();
        r.r2 = known == null ? "" : String.valueOf(known.reason());
    }
}
