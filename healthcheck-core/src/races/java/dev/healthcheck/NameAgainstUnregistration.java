package dev.healthcheck;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** E6: a name is registered again while its check is unregistered: listeners hear of the end before the next begin. */
@JCStressTest
@Outcome(id = "registered unregistered", expect = ACCEPTABLE, desc = "the name was taken")
@Outcome(id = "registered unregistered registered", expect = ACCEPTABLE, desc = "the name was free")
@State
public class NameAgainstUnregistration {
    private final VirtualChecks virtual = new VirtualChecks();
    private final HealthCheckRegistry registry = virtual.registry();
    private final RaceListener listener = new RaceListener();
    private final Registration first;

    public NameAgainstUnregistration() {
        registry.addListener(listener);
        first = registry.register("db", CheckResult::up);
    }

    @Actor
    public void unregister() {
        first.close();
    }

    @Actor
    public void register() {
        try {
            registry.register("db", CheckResult::up);
        } catch (IllegalArgumentException e) {
            // the name is taken
        }
        virtual.workers.runAll();
    }

    @Arbiter
    public void look(L_Result r) {
        virtual.workers.runAll();
        r.r1 = listener.inWords();
    }
}
