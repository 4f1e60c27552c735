package dev.healthcheck;

import static dev.healthcheck.VirtualChecks.word;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** R17b: a check is unregistered while a report is made: the report is of both or of one, and complete. */
@JCStressTest
@Outcome(id = "UP: one UP", expect = ACCEPTABLE, desc = "the unregistration was first")
@Outcome(id = "UP: one UP other UP", expect = ACCEPTABLE, desc = "the report was first")
@Outcome(id = "DOWN: one UP other pending", expect = ACCEPTABLE, desc = "it was gone before it ever ran")
@State
public class UnregistrationAgainstReport {
    private final VirtualChecks virtual = new VirtualChecks();
    private final HealthCheckRegistry registry = virtual.registry();
    private final Registration one = registry.register("one", CheckResult::up);
    private final Registration other = registry.register("other", CheckResult::up);
    private @Nullable CompletableFuture<HealthReport> report;

    @Actor
    public void unregister() {
        other.close();
    }

    @Actor
    public void ask() {
        report = registry.checkAsync();
        virtual.workers.runAll();
    }

    @Arbiter
    public void look(L_Result r) {
        virtual.workers.runAll();
        HealthReport known = report == null ? null : report.getNow(null);
        r.r1 = known == null ? "no answer of " + one : inWords(known);
    }

    private static String inWords(HealthReport report) {
        StringBuilder words = new StringBuilder(report.status() + ":");
        report.checks()
                .forEach(check ->
                        words.append(' ').append(check.name()).append(' ').append(word(check)));
        return words.toString();
    }
}
