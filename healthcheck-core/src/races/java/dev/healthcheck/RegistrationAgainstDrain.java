package dev.healthcheck;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** E9: a startup check is registered while the registry begins to drain: each is told once, in their order. */
@JCStressTest
@Outcome(id = "UP starting draining", expect = ACCEPTABLE, desc = "the registration was first")
@Outcome(id = "UP draining", expect = ACCEPTABLE, desc = "draining was first")
@State
public class RegistrationAgainstDrain {
    private final VirtualChecks virtual = new VirtualChecks();
    private final HealthCheckRegistry registry = virtual.registry();
    private final RaceListener listener = new RaceListener();

    public RegistrationAgainstDrain() {
        virtual.failingRun(registry, listener);
    }

    @Actor
    public void register() {
        registry.register("migrations", CheckResult::up, o -> o.probes(Probe.STARTUP));
    }

    @Actor
    public void drain() {
        registry.drain();
        virtual.workers.runAll();
    }

    @Arbiter
    public void look(L_Result r) {
        virtual.workers.runAll();
        r.r1 = listener.readinessInWords();
    }
}
