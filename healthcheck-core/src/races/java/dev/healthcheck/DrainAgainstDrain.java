package dev.healthcheck;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** R13a: two begin to drain at once: from the return of either on readiness is draining. */
@JCStressTest
@Outcome(id = "draining, draining", expect = ACCEPTABLE, desc = "for both")
@State
public class DrainAgainstDrain {
    private final HealthCheckRegistry registry = new VirtualChecks().registry();

    @Actor
    public void drain(LL_Result r) {
        registry.drain();
        r.r1 = String.valueOf(registry.check(Probe.READINESS).reason());
    }

    @Actor
    public void drainToo(LL_Result r) {
        registry.drain();
        r.r2 = String.valueOf(registry.check(Probe.READINESS).reason());
    }
}
