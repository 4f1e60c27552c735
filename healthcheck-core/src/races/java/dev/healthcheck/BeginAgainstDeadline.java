package dev.healthcheck;

import static dev.healthcheck.VirtualChecks.word;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * R2b, R3d: a run gets its thread while its deadline passes: it is called, or is no lost thread; and the check can
 * be run again.
 */
@JCStressTest
@Outcome(id = "1, UP, UP", expect = ACCEPTABLE, desc = "the run was first")
@Outcome(id = "1, timeout, UP", expect = ACCEPTABLE, desc = "it had begun when its deadline passed")
@Outcome(id = "0, timeout, UP", expect = ACCEPTABLE, desc = "the deadline was first")
@State
public class BeginAgainstDeadline {
    private final VirtualChecks virtual = new VirtualChecks();
    private final AtomicInteger calls = new AtomicInteger();
    private final RegisteredCheck check = virtual.check(() -> {
        calls.incrementAndGet();
        return CheckResult.up();
    });
    private final PendingAnswers question = virtual.ask(check);
    private final Run run = virtual.workers.takeRun();

    @Actor
    public void begin() {
        run.run();
    }

    @Actor
    public void time() {
        virtual.time.advance(VirtualChecks.TIMEOUT);
    }

    @Arbiter
    public void look(LLL_Result r) {
        virtual.workers.runAll();
        r.r1 = calls.get();
        r.r2 = word(virtual.answer(question));
        r.r3 = virtual.nextAnswer(check);
    }
}
