package dev.healthcheck;

import static dev.healthcheck.VirtualChecks.word;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * R2j: a deadline passes while an asynchronous check hands out its stage: the stage does not stay behind
 * uncancelled.
 */
@JCStressTest
@Outcome(id = "cancelled", expect = ACCEPTABLE, desc = "the run had begun")
@Outcome(id = "not begun", expect = ACCEPTABLE, desc = "the deadline was first")
@State
public class StageAgainstDeadline {
    private final VirtualChecks virtual = new VirtualChecks();
    private @Nullable CompletableFuture<CheckResult> stage;
    private final AsyncHealthCheck async = () -> stage = new CompletableFuture<>();
    private final RegisteredCheck check = virtual.check(async);
    private final PendingAnswers question = virtual.ask(check);
    private final Run run = virtual.workers.takeRun();

    @Actor
    public void run() {
        run.run();
    }

    @Actor
    public void deadline() {
        virtual.time.advance(VirtualChecks.TIMEOUT);
        virtual.workers.runAll();
    }

    @Arbiter
    public void look(L_Result r) {
        virtual.workers.runAll();
        String word = word(virtual.answer(question));
        boolean told = word.equals("timeout");
        r.r1 = !told ? word : stage == null ? "not begun" : stage.isCancelled() ? "cancelled" : "left behind";
    }
}
