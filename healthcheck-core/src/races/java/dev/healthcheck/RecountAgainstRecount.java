package dev.healthcheck;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** R8d: a further timeout of an overdue run is seen by the timer and by a question at once: it is counted once. */
@JCStressTest
@Outcome(id = "3", expect = ACCEPTABLE, desc = "the deadline, and two timeouts more")
@State
public class RecountAgainstRecount {
    private final VirtualChecks virtual = new VirtualChecks();
    private final RegisteredCheck check = virtual.check(CheckResult::up, o -> o.failureThreshold(9));
    private final String upAtFirst = virtual.nextAnswer(check);
    private final long deadline = virtual.overdueRun(check).deadline();

    @Actor
    public void time() {
        virtual.time.advance(VirtualChecks.TIMEOUT.multipliedBy(2));
    }

    @Actor
    public void ask() {
        var unused = virtual.ask(check);
    }

    @Arbiter
    public void look(L_Result r) {
        CheckReport report = virtual.answer(virtual.ask(check));
        r.r1 = report == null ? upAtFirst + deadline : report.consecutiveFailures();
    }
}
