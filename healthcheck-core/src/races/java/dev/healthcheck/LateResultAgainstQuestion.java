package dev.healthcheck;

import static dev.healthcheck.Scene.word;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** R3f: a run on which the check is stuck comes back while somebody asks: that question, too, is answered. */
@JCStressTest
@Outcome(id = "stuck, UP", expect = ACCEPTABLE, desc = "the question was first")
@Outcome(id = "UP, UP", expect = ACCEPTABLE, desc = "the return was first, and a new run answers")
@State
public class LateResultAgainstQuestion {
    private final Scene scene = new Scene();
    private final RegisteredCheck check = scene.check(CheckResult::up, o -> o.cacheFor(Duration.ZERO));
    private final Run late = scene.overdueRun(check);
    private @Nullable PendingAnswers question;

    @Actor
    public void comeBack() {
        late.call();
    }

    @Actor
    public void ask() {
        question = scene.ask(check);
    }

    @Arbiter
    public void look(LL_Result r) {
        scene.workers.runAll();
        r.r1 = word(question == null ? null : scene.answer(question));
        r.r2 = scene.nextAnswer(check);
    }
}
