package dev.healthcheck;

import static dev.healthcheck.Scene.word;
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
    private final Scene scene = new Scene();
    private final PendingAnswers question = new PendingAnswers(
            null,
            new RegisteredCheck[] {scene.check(CheckResult::up), scene.check(CheckResult::up)},
            new CheckReport[2]);
    private final Run one = begun();
    private final Run other = scene.workers.takeRun();

    private Run begun() {
        question.ask(false, scene.engine.now(), Nanos.FOREVER, scene.engine);
        return scene.workers.takeRun();
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
        CheckReport[] answers = question.answers(Status.DOWN, scene.engine.now());
        r.r2 = word(answers[0]);
        r.r3 = word(answers[1]);
    }
}
