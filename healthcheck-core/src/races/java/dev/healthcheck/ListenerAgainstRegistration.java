package dev.healthcheck;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** E7: a listener is added while a check is registered, and others are told: it hears of each check once. */
@JCStressTest
@Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "once of each")
@State
public class ListenerAgainstRegistration {
    private final VirtualChecks virtual = new VirtualChecks();
    private final HealthCheckRegistry registry = virtual.registry();
    private final Names names = new Names();

    public ListenerAgainstRegistration() {
        registry.addListener(new RaceListener());
        registry.register("early", CheckResult::up);
        virtual.workers.runAll();
    }

    private static final class Names implements HealthListener {
        int early;
        int late;

        @Override
        public void onChange(StatusChange change) {}

        @Override
        public void onRegistered(String name) {
            early += name.equals("early") ? 1 : 0;
            late += name.equals("late") ? 1 : 0;
        }
    }

    @Actor
    public void listen() {
        registry.addListener(names);
    }

    @Actor
    public void register() {
        registry.register("late", CheckResult::up);
        virtual.workers.runAll();
    }

    @Arbiter
    public void look(II_Result r) {
        virtual.workers.runAll();
        r.r1 = names.early;
        r.r2 = names.late;
    }
}
