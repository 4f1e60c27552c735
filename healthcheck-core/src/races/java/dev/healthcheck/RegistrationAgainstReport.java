package dev.healthcheck;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** R17b: a check is registered while somebody asks for another: from the registration's return on it is there. */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "there, and there to stay")
@State
public class RegistrationAgainstReport {
    private final HealthCheckRegistry registry = registryWithOne();

    private static HealthCheckRegistry registryWithOne() {
        HealthCheckRegistry registry = new VirtualChecks().registry();
        registry.register("one", CheckResult::up);
        return registry;
    }

    @Actor
    public void register(ZZ_Result r) {
        registry.register("other", CheckResult::up);
        r.r1 = VirtualChecks.finds(registry, "other");
    }

    @Actor
    public void ask() {
        VirtualChecks.finds(registry, "one");
    }

    @Arbiter
    public void look(ZZ_Result r) {
        r.r2 = VirtualChecks.finds(registry, "other");
    }
}
