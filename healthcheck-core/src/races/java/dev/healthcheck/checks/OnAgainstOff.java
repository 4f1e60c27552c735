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
import org.openjdk.jcstress.infra.results.L_Result;

/** One call replaces the maintenance that is on while another one ends it: the last of the two counts, as a whole. */
@JCStressTest
@Outcome(id = "up", expect = ACCEPTABLE, desc = "off was last")
@Outcome(id = "two 2 min", expect = ACCEPTABLE, desc = "on was last")
@State
public class OnAgainstOff {
    private final MaintenanceSwitch maintenance = new MaintenanceSwitch(() -> 0);

    public OnAgainstOff() {
        maintenance.on("one", Duration.ofMinutes(1));
    }

    @Actor
    public void on() {
        maintenance.on("two", Duration.ofMinutes(2));
    }

    @Actor
    public void off() {
        maintenance.off();
    }

    @Arbiter
    public void look(L_Result r) {
        CheckResult result = maintenance.check();
        r.r1 = result.reason() == null
                ? "up"
                : Objects.requireNonNull(result.message()).replaceAll("\\(ends by itself in |\\)", "");
    }
}
