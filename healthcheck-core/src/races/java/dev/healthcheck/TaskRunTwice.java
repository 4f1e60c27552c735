package dev.healthcheck;

import static dev.healthcheck.VirtualChecks.word;
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
    private final VirtualChecks virtual = new VirtualChecks();
    private final AtomicInteger calls = new AtomicInteger();
    private final RegisteredCheck check = virtual.check(() -> {
        calls.incrementAndGet();
        return CheckResult.up();
    });
    private final PendingAnswers question = virtual.ask(check);
    private final Run run = virtual.workers.takeRun();

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
        r.r2 = word(virtual.answer(question));
    }
}
