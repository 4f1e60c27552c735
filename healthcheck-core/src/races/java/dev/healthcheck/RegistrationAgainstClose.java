package dev.healthcheck;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** R16a, R16i: a check is registered while the registry is closed: it is refused, or closed like all others. */
@JCStressTest
@Outcome(id = "registered, 1", expect = ACCEPTABLE, desc = "the registration was first")
@Outcome(id = "refused, 0", expect = ACCEPTABLE, desc = "the closing was first: it is still the caller's")
@State
public class RegistrationAgainstClose {
    private final VirtualChecks virtual = new VirtualChecks();
    private final HealthCheckRegistry registry = virtual.registry();
    private final CountsCloses check = new CountsCloses();

    @Actor
    public void register(LL_Result r) {
        try {
            var unused = registry.register("db", check);
            r.r1 = "registered";
        } catch (IllegalStateException e) {
            r.r1 = "refused";
        }
    }

    @Actor
    public void close() {
        registry.close();
    }

    @Arbiter
    public void look(LL_Result r) {
        virtual.workers.runAll();
        r.r2 = check.closes.get();
    }
}
