package dev.healthcheck;

import static dev.healthcheck.Scene.word;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** R3e: a caller's executor runs the same task on two threads at once: the check is called once. */
@JCStressTest
@Outcome(id = "1, UP", expect = ACCEPTABLE, desc = "one call, one answer")
@State
public class TaskRunTwice {
    private final Scene scene = new Scene();
    private final AtomicInteger calls = new AtomicInteger();
    private final RegisteredCheck check = scene.check(() -> {
        calls.incrementAndGet();
        return CheckResult.up();
    });
    private final PendingAnswers question = scene.ask(check);
    private final Run run = scene.workers.takeRun();

    @Actor
    public void one() {
        run.run();
    }

    @Actor
    public void other() {
        run.run();
    }

    @Arbiter
    public void look(LL_Result r) {
        r.r1 = calls.get();
        r.r2 = word(scene.answer(question));
    }
}
