package dev.healthcheck;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.time.Instant;
import java.util.Optional;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZL_Result;

/** R13h: two get their answers at the same moment: either counts, and a reader sees it whole. */
@JCStressTest
@Outcome(
        id = {"true, 1", "true, 2"},
        expect = ACCEPTABLE,
        desc = "one of the two")
@State
public class AskedAgainstAsked {
    private final LastAsked asked = new LastAsked();

    @Actor
    public void one() {
        asked.note(Probe.READINESS, 1, Instant.ofEpochMilli(1));
    }

    @Actor
    public void other() {
        asked.note(Probe.READINESS, 2, Instant.ofEpochMilli(2));
    }

    @Actor
    public void read(ZL_Result r) {
        Optional<Instant> date = asked.date(Probe.READINESS);
        r.r1 = date.isEmpty() || date.get().toEpochMilli() > 0;
    }

    @Arbiter
    public void look(ZL_Result r) {
        r.r2 = asked.date(Probe.READINESS).map(Instant::toEpochMilli).orElse(0L);
    }
}
