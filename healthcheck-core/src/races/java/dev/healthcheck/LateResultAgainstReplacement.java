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
 * R3f, R3g: a lost run comes back while its replacement ends: only the latter counts, and the check can be run
 * again.
 */
@JCStressTest
@Outcome(id = "UP, UP", expect = ACCEPTABLE, desc = "the late result was dropped")
@State
public class LateResultAgainstReplacement {
    private final VirtualChecks virtual = new VirtualChecks();
    private final RegisteredCheck check = virtual.check(new HealthCheck() {
        @Override
        public CheckResult check() {
            return CheckResult.up();
        }

        @Override
        public CheckResult check(Deadline deadline) {
            return deadline.remaining().isZero() ? CheckResult.down("late") : CheckResult.up();
        }
    });
    private final Run late = virtual.overdueRun(check);
    private final Run replacement = virtual.replacement();

    @Actor
    public void late() {
        late.call();
    }

    @Actor
    public void replacement() {
        replacement.run();
    }

    @Arbiter
    public void look(LL_Result r) {
        r.r1 = word(check.last(null, Status.DOWN));
        r.r2 = virtual.nextAnswer(check);
    }
}
