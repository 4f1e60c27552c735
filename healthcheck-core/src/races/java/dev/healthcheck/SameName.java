package dev.healthcheck;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** C4: two register the same name at once: one of them is refused. */
@JCStressTest
@Outcome(id = "true, false", expect = ACCEPTABLE, desc = "one was first")
@Outcome(id = "false, true", expect = ACCEPTABLE, desc = "the other was first")
@State
public class SameName {
    private final HealthCheckRegistry registry = new VirtualChecks().registry();

    @Actor
    public void register(ZZ_Result r) {
        r.r1 = registers();
    }

    @Actor
    public void registerToo(ZZ_Result r) {
        r.r2 = registers();
    }

    private boolean registers() {
        try {
            var unused = registry.register("db", CheckResult::up);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
