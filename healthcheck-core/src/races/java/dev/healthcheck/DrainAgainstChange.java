package dev.healthcheck;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** E9: a check goes DOWN while the registry begins to drain: each is told once, in their order. */
@JCStressTest
@Outcome(id = "UP DOWN draining", expect = ACCEPTABLE, desc = "the check was first")
@Outcome(id = "UP draining", expect = ACCEPTABLE, desc = "draining was first")
@State
public class DrainAgainstChange {
    private final VirtualChecks virtual = new VirtualChecks();
    private final HealthCheckRegistry registry = virtual.registry();
    private final RaceListener listener = new RaceListener();
    private final Run failing = virtual.failingRun(registry, listener);

    @Actor
    public void fail() {
        failing.run();
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
