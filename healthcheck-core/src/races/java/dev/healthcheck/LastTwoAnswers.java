package dev.healthcheck;

import static dev.healthcheck.VirtualChecks.word;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** R4f: the last two checks of a question answer at once: it is complete, with both answers. */
@JCStressTest
@Outcome(id = "true, UP, UP", expect = ACCEPTABLE, desc = "complete")
@State
public class LastTwoAnswers {
    private final VirtualChecks virtual = new VirtualChecks();
    private final PendingAnswers question = new PendingAnswers(
            null,
            new RegisteredCheck[] {virtual.check(CheckResult::up), virtual.check(CheckResult::up)},
            new CheckReport[2]);
    private final Run one = begun();
    private final Run other = virtual.workers.takeRun();

    private Run begun() {
        question.ask(false, virtual.engine.now(), Nanos.FOREVER, virtual.engine);
        return virtual.workers.takeRun();
    }

    @Actor
    public void one() {
        one.run();
    }

    @Actor
    public void other() {
        other.run();
    }

    @Arbiter
    public void look(LLL_Result r) {
        r.r1 = question.isComplete();
        CheckReport[] answers = question.answers(Status.DOWN, virtual.engine.now());
        r.r2 = word(answers[0]);
        r.r3 = word(answers[1]);
    }
}
