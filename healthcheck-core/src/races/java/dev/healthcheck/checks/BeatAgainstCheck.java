package dev.healthcheck.checks;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** A beat while the check runs: the run sees it or not, and the next run does. */
@JCStressTest
@Outcome(id = "DOWN \\(no-heartbeat\\), UP", expect = ACCEPTABLE, desc = "the run was first")
@Outcome(id = "UP, UP", expect = ACCEPTABLE, desc = "the beat was first")
@State
public class BeatAgainstCheck {
    private final AtomicLong nanos = new AtomicLong();
    private final Heartbeat beat = new Heartbeat(Duration.ofSeconds(1), nanos::get);

    public BeatAgainstCheck() {
        nanos.set(Duration.ofSeconds(2).toNanos());
    }

    @Actor
    public void beat() {
        beat.beat();
    }

    @Actor
    public void check(LL_Result r) {
        r.r1 = beat.check().toString();
    }

    @Arbiter
    public void look(LL_Result r) {
        r.r2 = beat.check().toString();
    }
}
