package dev.healthcheck;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.time.Duration;
import java.time.Instant;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** R13c: the report that one waits for is given out while the waiting begins: the wait ends. */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "at once")
@State
public class DrainAgainstReport {
    private final DrainLatch drain = new DrainLatch(new RealTime(), askedNow());

    /** Somebody asks for readiness, so the wait goes on. */
    private static LastAsked askedNow() {
        LastAsked asked = new LastAsked();
        asked.note(Probe.READINESS, System.nanoTime(), Instant.EPOCH);
        return asked;
    }

    @Actor
    public void await(ZZ_Result r) {
        Duration atMost = ShortWait.left();
        long begin = System.nanoTime();
        try {
            r.r1 = drain.await(1, Duration.ZERO, atMost);
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts", e);
        }
        r.r2 = System.nanoTime() - begin < atMost.toNanos();
        if (!r.r2) {
            ShortWait.lose();
        }
    }

    @Actor
    public void report() {
        hesitate();
        drain.seen();
    }

    /** About as long as it takes to begin to wait, or the report would nearly always be first. */
    private static void hesitate() {
        for (int i = 0; i < 100; i++) {
            Thread.onSpinWait();
        }
    }
}
