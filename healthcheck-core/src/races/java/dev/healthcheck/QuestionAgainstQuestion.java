package dev.healthcheck;

import static dev.healthcheck.VirtualChecks.word;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** R3a: two ask at once: one run for both. */
@JCStressTest
@Outcome(id = "1, UP, UP", expect = ACCEPTABLE, desc = "one run for both")
@State
public class QuestionAgainstQuestion {
    private final VirtualChecks virtual = new VirtualChecks();
    private final RegisteredCheck check = virtual.check(CheckResult::up);
    private @Nullable PendingAnswers one;
    private @Nullable PendingAnswers other;

    @Actor
    public void ask() {
        one = virtual.ask(check);
    }

    @Actor
    public void askToo() {
        other = virtual.ask(check);
    }

    @Arbiter
    public void look(LLL_Result r) {
        r.r1 = virtual.workers.waitingRuns();
        virtual.workers.runAll();
        r.r2 = word(one == null ? null : virtual.answer(one));
        r.r3 = word(other == null ? null : virtual.answer(other));
    }
}
