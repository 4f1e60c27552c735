package dev.healthcheck;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** R16a, R16i: the registry is closed twice at once: a check is closed once, and the registry stays closed. */
@JCStressTest
@Outcome(id = "1, closed", expect = ACCEPTABLE, desc = "closed once")
@State
public class CloseAgainstClose {
    private final VirtualChecks virtual = new VirtualChecks();
    private final HealthCheckRegistry registry = virtual.registry();
    private final CountsCloses check = new CountsCloses();
    private final Registration registration = registry.register("db", check);

    @Actor
    public void close() {
        registry.close();
    }

    @Actor
    public void closeToo() {
        registry.close();
    }

    @Arbiter
    public void look(LL_Result r) {
        virtual.workers.runAll();
        registration.close();
        r.r1 = check.closes.get();
        r.r2 = String.valueOf(registry.check().reason());
    }
}
