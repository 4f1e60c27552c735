package dev.healthcheck;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** R16i: a check is unregistered while the registry is closed: the check is closed once. */
@JCStressTest
@Outcome(id = "1", expect = ACCEPTABLE, desc = "closed once")
@State
public class UnregistrationAgainstClose {
    private final VirtualChecks virtual = new VirtualChecks();
    private final HealthCheckRegistry registry = virtual.registry();
    private final CountsCloses check = new CountsCloses();
    private final Registration registration = registry.register("db", check);

    @Actor
    public void unregister() {
        registration.close();
    }

    @Actor
    public void close() {
        registry.close();
    }

    @Arbiter
    public void look(I_Result r) {
        virtual.workers.runAll();
        r.r1 = check.closes.get();
    }
}
