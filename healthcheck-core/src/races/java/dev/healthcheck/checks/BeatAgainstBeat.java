package dev.healthcheck.checks;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/** Two threads beat at different times: the newest beat counts, whichever thread stores its time last. */
@JCStressTest
@Outcome(id = "UP", expect = ACCEPTABLE, desc = "the newest beat")
@State
public class BeatAgainstBeat {
    private static final long STEP = Duration.ofMinutes(1).toNanos();

    /** Each reading is a minute later than the one before. */
    private final AtomicLong nanos = new AtomicLong();

    private final Heartbeat beat = new Heartbeat(Duration.ofMinutes(1), () -> nanos.addAndGet(STEP));

    @Actor
    public void one() {
        beat.beat();
    }

    @Actor
    public void two() {
        beat.beat();
    }

    @Arbiter
    public void look(L_Result r) {
        r.r1 = beat.check().toString();
    }
}
