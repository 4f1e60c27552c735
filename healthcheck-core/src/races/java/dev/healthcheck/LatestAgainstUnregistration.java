package dev.healthcheck;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** K1, K8: a check is unregistered and its name taken anew while somebody reads: it is there once or not at all. */
@JCStressTest
@Outcome(
        id = {"one other, one other", "one other, one", "one, one", "one, one other"},
        expect = ACCEPTABLE,
        desc = "the other is there until it is unregistered, and then again")
@State
public class LatestAgainstUnregistration {
    private final HealthCheckRegistry registry = new VirtualChecks().registry();
    private final Registration one = registry.register("one", CheckResult::up);
    private final Registration other = registry.register("other", CheckResult::up);

    @Actor
    public void replace() {
        other.close();
        registry.register(other.name(), CheckResult::up);
    }

    @Actor
    public void read(LL_Result r) {
        List<CheckReport> checks = registry.latest().checks();
        r.r1 = String.join(" ", checks.stream().map(CheckReport::name).toList());
        r.r2 = one.name().isEmpty() ? "" : String.join(" ", registry.names());
    }
}
