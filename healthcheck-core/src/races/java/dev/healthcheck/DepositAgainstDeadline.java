package dev.healthcheck;

import static dev.healthcheck.VirtualChecks.word;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** R2d, R2e: a run deposits while its deadline passes: the verdict and what is said while it is overdue agree. */
@JCStressTest
@Outcome(id = "far, far", expect = ACCEPTABLE, desc = "the deposit was first")
@Outcome(id = "timeout, stuck", expect = ACCEPTABLE, desc = "the deadline was first")
@State
public class DepositAgainstDeadline {
    private static final CheckResult FAR = CheckResult.down("far away").withReason("far");

    private final VirtualChecks virtual = new VirtualChecks();
    private final RegisteredCheck check = virtual.check(CheckResult::up);
    private final PendingAnswers question = virtual.ask(check);
    private final Run run = begun();

    private Run begun() {
        Run begun = virtual.workers.takeRun();
        if (!begun.begin()) {
            throw new AssertionError("it is in time");
        }
        return begun;
    }

    @Actor
    public void deposit() {
        run.until().ifMissed(FAR);
    }

    @Actor
    public void time() {
        virtual.time.advance(VirtualChecks.TIMEOUT);
    }

    @Arbiter
    public void look(LL_Result r) {
        r.r1 = word(virtual.answer(question));
        r.r2 = word(virtual.answer(virtual.ask(check)));
    }
}
