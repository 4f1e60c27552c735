package dev.healthcheck;

import static dev.healthcheck.VirtualChecks.word;
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
    private final VirtualChecks virtual = new VirtualChecks();
    private final RegisteredCheck check = virtual.check(CheckResult::up, o -> o.cacheFor(Duration.ZERO));
    private final Run late = virtual.overdueRun(check);
    private @Nullable PendingAnswers question;

    @Actor
    public void comeBack() {
        late.call();
    }

    @Actor
    public void ask() {
        question = virtual.ask(check);
    }

    @Arbiter
    public void look(LL_Result r) {
        virtual.workers.runAll();
        r.r1 = word(question == null ? null : virtual.answer(question));
        r.r2 = virtual.nextAnswer(check);
    }
}
