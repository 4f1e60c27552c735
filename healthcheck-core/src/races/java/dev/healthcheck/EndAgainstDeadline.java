package dev.healthcheck;

import static dev.healthcheck.VirtualChecks.word;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** O4: a run ends while its deadline passes: one of the two is the verdict, and the check can be run again. */
@JCStressTest
@Outcome(id = "UP, 1, UP", expect = ACCEPTABLE, desc = "the end was first")
@Outcome(id = "timeout, 1, UP", expect = ACCEPTABLE, desc = "the deadline was first")
@State
public class EndAgainstDeadline {
    private final VirtualChecks virtual = new VirtualChecks();
    private final RegisteredCheck check = virtual.check(CheckResult::up);
    private final PendingAnswers question = virtual.ask(check);

    @Actor
    public void end() {
        virtual.workers.runAll();
    }

    @Actor
    public void deadline() {
        virtual.time.advance(VirtualChecks.TIMEOUT);
    }

    @Arbiter
    public void look(LLL_Result r) {
        virtual.workers.runAll();
        CheckReport answer = virtual.answer(question);
        r.r1 = word(answer);
        r.r2 = answer == null ? 0 : answer.runs().size();
        r.r3 = virtual.nextAnswer(check);
    }
}
