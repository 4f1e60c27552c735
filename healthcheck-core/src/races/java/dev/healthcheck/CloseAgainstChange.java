package dev.healthcheck;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** E6, E9: a check goes DOWN while the registry is closed: each is told once, and the end of the registration last. */
@JCStressTest
@Outcome(id = "UP DOWN closed, unregistered", expect = ACCEPTABLE, desc = "the check was first")
@Outcome(id = "UP closed, unregistered", expect = ACCEPTABLE, desc = "closing was first")
@State
public class CloseAgainstChange {
    private final VirtualChecks virtual = new VirtualChecks();
    private final HealthCheckRegistry registry = virtual.registry();
    private final RaceListener listener = new RaceListener();
    private final Run failing = virtual.failingRun(registry, listener);

    @Actor
    public void fail() {
        failing.run();
    }

    @Actor
    public void close() {
        registry.close();
        virtual.workers.runAll();
    }

    @Arbiter
    public void look(LL_Result r) {
        virtual.workers.runAll();
        r.r1 = listener.readinessInWords();
        r.r2 = listener.told.get(listener.told.size() - 1);
    }
}
