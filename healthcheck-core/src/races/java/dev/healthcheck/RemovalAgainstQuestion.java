package dev.healthcheck;

import static dev.healthcheck.VirtualChecks.word;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** R17d: a check is removed while somebody asks it: who asks is not left waiting. */
@JCStressTest
@Outcome(id = "pending", expect = ACCEPTABLE, desc = "answered, with what is known of a check that never ran")
@State
public class RemovalAgainstQuestion {
    private final VirtualChecks virtual = new VirtualChecks();
    private final RegisteredCheck check = virtual.check(CheckResult::up);
    private @Nullable PendingAnswers question;

    @Actor
    public void remove() {
        check.remove(virtual.engine.now());
    }

    @Actor
    public void ask() {
        question = virtual.ask(check);
    }

    @Arbiter
    public void look(L_Result r) {
        r.r1 = word(question == null ? null : virtual.answer(question));
    }
}
