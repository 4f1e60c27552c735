package dev.healthcheck;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** R16c, O5: draining begins while the registry is closed: it ends as closed. */
@JCStressTest
@Outcome(id = "closed", expect = ACCEPTABLE, desc = "for good")
@State
public class DrainAgainstClose {
    private final HealthCheckRegistry registry = new VirtualChecks().registry();

    @Actor
    public void drain() {
        registry.drain();
    }

    @Actor
    public void close() {
        registry.close();
    }

    @Arbiter
    public void look(L_Result r) {
        r.r1 = String.valueOf(registry.check(Probe.READINESS).reason());
    }
}
