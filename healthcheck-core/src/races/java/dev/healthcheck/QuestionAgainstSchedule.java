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

/** R3a: a run is asked for while one is due by schedule: one run for both. */
@JCStressTest
@Outcome(id = "1, UP", expect = ACCEPTABLE, desc = "one run for both")
@State
public class QuestionAgainstSchedule {
    private static final Duration MOMENT = Duration.ofMillis(1);

    private final VirtualChecks virtual = new VirtualChecks();
    private final RegisteredCheck check = virtual.dueIn(MOMENT, CheckResult::up);
    private @Nullable PendingAnswers question;

    @Actor
    public void time() {
        virtual.time.advance(MOMENT);
    }

    @Actor
    public void ask() {
        question = virtual.askAnew(check);
    }

    @Arbiter
    public void look(LL_Result r) {
        r.r1 = virtual.workers.waitingRuns();
        virtual.workers.runAll();
        r.r2 = word(question == null ? null : virtual.answer(question));
    }
}
