package dev.healthcheck.checks;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.healthcheck.CheckResult;
import java.time.Duration;
import java.util.Objects;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** Two begin maintenance while one ends it: one call is the last, and a run sees all that it said or nothing of it. */
@JCStressTest
@Outcome(id = "(up|one 1 min|two 2 min), (up|one 1 min|two 2 min)", expect = ACCEPTABLE, desc = "one call as a whole")
@State
public class OnAgainstOff {
    private final MaintenanceSwitch maintenance = new MaintenanceSwitch(() -> 0);

    @Actor
    public void one() {
        maintenance.on("one", Duration.ofMinutes(1));
    }

    @Actor
    public void two() {
        maintenance.on("two", Duration.ofMinutes(2));
    }

    @Actor
    public void off() {
        maintenance.off();
    }

    @Actor
    public void check(LL_Result r) {
        r.r1 = shown();
    }

    @Arbiter
    public void look(LL_Result r) {
        r.r2 = shown();
    }

    private String shown() {
        CheckResult result = maintenance.check();
        return result.reason() == null
                ? "up"
                : Objects.requireNonNull(result.message())
                        .replace("(ends by itself in ", "")
                        .replace(")", "");
    }
}
