package dev.healthcheck;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** E6: a run ends while its check is unregistered: nothing is told after the end of the registration. */
@JCStressTest
@Outcome(id = "registered change run unregistered", expect = ACCEPTABLE, desc = "the run was first")
@Outcome(id = "registered unregistered", expect = ACCEPTABLE, desc = "the end was first")
@State
public class ChangeAgainstUnregistration {
    private final VirtualChecks virtual = new VirtualChecks();
    private final HealthCheckRegistry registry = virtual.registry();
    private final RaceListener listener = new RaceListener();
    private final Registration registration;
    private final Run run;

    public ChangeAgainstUnregistration() {
        registry.addListener(listener);
        registration = registry.register("db", CheckResult::up);
        var unused = registry.checkAsync("db");
        run = virtual.workers.takeRun();
    }

    @Actor
    public void end() {
        run.run();
    }

    @Actor
    public void unregister() {
        registration.close();
        virtual.workers.runAll();
    }

    @Arbiter
    public void look(L_Result r) {
        virtual.workers.runAll();
        r.r1 = listener.inWords();
    }
}
