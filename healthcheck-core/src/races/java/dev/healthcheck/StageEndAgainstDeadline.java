package dev.healthcheck;

import static dev.healthcheck.VirtualChecks.word;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** O4: a stage completes while its deadline passes: one of the two is the verdict, and the check can be run again. */
@JCStressTest
@Outcome(id = "UP, 1, UP", expect = ACCEPTABLE, desc = "the stage was first")
@Outcome(id = "timeout, 1, UP", expect = ACCEPTABLE, desc = "the deadline was first")
@State
public class StageEndAgainstDeadline {
    private final VirtualChecks virtual = new VirtualChecks();
    private final CompletableFuture<CheckResult> stage = new CompletableFuture<>();
    private final Queue<CompletionStage<CheckResult>> stages =
            new ConcurrentLinkedQueue<>(List.of(stage, CompletableFuture.completedFuture(CheckResult.up())));
    private final AsyncHealthCheck async = stages::remove;
    private final RegisteredCheck check = virtual.check(async);
    private final PendingAnswers question = virtual.begin(check);

    @Actor
    public void complete() {
        stage.complete(CheckResult.up());
    }

    @Actor
    public void deadline() {
        virtual.time.advance(VirtualChecks.TIMEOUT);
        virtual.workers.runAll();
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
