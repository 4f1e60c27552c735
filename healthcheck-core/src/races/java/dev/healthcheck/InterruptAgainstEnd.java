package dev.healthcheck;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** R2h: a run is interrupted at its deadline while it ends: the interrupt does not outlive it. */
@JCStressTest
@Outcome(id = "false", expect = ACCEPTABLE, desc = "the thread is as it was before")
@State
public class InterruptAgainstEnd {
    private final VirtualChecks virtual = new VirtualChecks();
    private final RegisteredCheck check = virtual.check(CheckResult::up);
    private final PendingAnswers question = virtual.ask(check);
    private final Run run = virtual.workers.takeRun();

    @Actor
    public void end(Z_Result r) {
        run.run();
        r.r1 = Thread.interrupted();
    }

    @Actor
    public void giveUp() {
        run.giveUp(true);
    }

    @Arbiter
    public void look() {
        virtual.answer(question);
    }
}
