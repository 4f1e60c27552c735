package dev.healthcheck;

import static dev.healthcheck.VirtualChecks.word;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/**
 * R17c, R17d: a check is removed while its run ends: who waits for it is answered once, and it is not judged
 * afterwards.
 */
@JCStressTest
@Outcome(id = "UP, 1", expect = ACCEPTABLE, desc = "the end was first")
@Outcome(id = "pending, 0", expect = ACCEPTABLE, desc = "the removal was first, the result is dropped")
@State
public class RemovalAgainstEnd {
    private final VirtualChecks virtual = new VirtualChecks();
    private final RegisteredCheck check = virtual.check(CheckResult::up);
    private final PendingAnswers question = virtual.ask(check);
    private final Run run = virtual.workers.takeRun();

    @Actor
    public void remove() {
        check.remove(virtual.engine.now());
    }

    @Actor
    public void end() {
        run.run();
    }

    @Arbiter
    public void look(LL_Result r) {
        virtual.workers.runAll();
        CheckReport answer = virtual.answer(question);
        r.r1 = word(answer);
        r.r2 = answer == null ? -1 : answer.runs().size();
    }
}
