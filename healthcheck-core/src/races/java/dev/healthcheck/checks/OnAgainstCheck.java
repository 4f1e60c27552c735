package dev.healthcheck.checks;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** One call replaces the maintenance that is on while the check runs: the run sees the old or the new, with its own end. */
@JCStressTest
@Outcome(
        id = "one \\(ends by itself in 1 min\\), two \\(ends by itself in 2 min\\)",
        expect = ACCEPTABLE,
        desc = "the run was first")
@Outcome(
        id = "two \\(ends by itself in 2 min\\), two \\(ends by itself in 2 min\\)",
        expect = ACCEPTABLE,
        desc = "on was first")
@State
public class OnAgainstCheck {
    private final MaintenanceSwitch maintenance = new MaintenanceSwitch(() -> 0);

    public OnAgainstCheck() {
        maintenance.on("one", Duration.ofMinutes(1));
    }

    @Actor
    public void on() {
        maintenance.on("two", Duration.ofMinutes(2));
    }

    @Actor
    public void check(LL_Result r) {
        r.r1 = maintenance.check().message();
    }

    @Arbiter
    public void look(LL_Result r) {
        r.r2 = maintenance.check().message();
    }
}
