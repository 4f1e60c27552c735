package dev.healthcheck;

import static dev.healthcheck.VirtualChecks.word;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** R3a: somebody asks while a run ends: the answer is that of the run, and there is no second one. */
@JCStressTest
@Outcome(id = "UP, true, 1", expect = ACCEPTABLE, desc = "one run, one verdict")
@State
public class QuestionAgainstEnd {
    private final VirtualChecks virtual = new VirtualChecks();
    private final AtomicInteger runs = new AtomicInteger();
    private final RegisteredCheck check = virtual.check(() -> {
        runs.incrementAndGet();
        return CheckResult.up();
    });
    private final PendingAnswers first = virtual.ask(check);
    private @Nullable PendingAnswers second;

    @Actor
    public void end() {
        virtual.workers.runAll();
    }

    @Actor
    public void ask() {
        second = virtual.ask(check);
    }

    @Arbiter
    public void look(LLL_Result r) {
        virtual.workers.runAll();
        CheckReport answer = second == null ? null : virtual.answer(second);
        r.r1 = word(answer);
        r.r2 = answer == virtual.answer(first);
        r.r3 = runs.get();
    }
}
