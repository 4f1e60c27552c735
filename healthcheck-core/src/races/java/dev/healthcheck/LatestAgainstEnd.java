package dev.healthcheck;

import static dev.healthcheck.VirtualChecks.word;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** K1: somebody reads twice while a run ends: what is read never goes back. */
@JCStressTest
@Outcome(id = "pending, pending", expect = ACCEPTABLE, desc = "both before the end")
@Outcome(id = "pending, UP", expect = ACCEPTABLE, desc = "the end was between them")
@Outcome(id = "UP, UP", expect = ACCEPTABLE, desc = "both after the end")
@State
public class LatestAgainstEnd {
    private final VirtualChecks virtual = new VirtualChecks();
    private final HealthCheckRegistry registry = virtual.registry();
    private final Object started = started();

    private Object started() {
        Registration registration = registry.register("db", CheckResult::up);
        var answer = registry.checkAsync();
        return answer.isDone() ? answer : registration;
    }

    @Actor
    public void end() {
        virtual.workers.runAll();
    }

    @Actor
    public void read(LL_Result r) {
        r.r1 = word(registry.latest("db").orElse(null));
        r.r2 = started == null ? "" : word(registry.latest().checks().get(0));
    }
}
