package dev.healthcheck;

import static dev.healthcheck.VirtualChecks.word;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/**
 * K6, K7: the registry is closed while somebody reads: UP only before that, and the last verdict for good, though time goes
 * on.
 */
@JCStressTest
@Outcome(id = "null UP, closed UP, closed UP", expect = ACCEPTABLE, desc = "closed between the two")
@Outcome(id = "null UP, null UP, closed UP", expect = ACCEPTABLE, desc = "closed after both")
@Outcome(id = "closed UP, closed UP, closed UP", expect = ACCEPTABLE, desc = "closed before both")
@State
public class LatestAgainstClose {
    private final VirtualChecks virtual = new VirtualChecks();
    private final HealthCheckRegistry registry = registryThatHasRun();

    private HealthCheckRegistry registryThatHasRun() {
        HealthCheckRegistry made = virtual.registry();
        made.register("db", CheckResult::up);
        var answer = made.checkAsync();
        virtual.workers.runAll();
        if (!answer.isDone()) {
            throw new AssertionError("it has not run");
        }
        return made;
    }

    @Actor
    public void close() {
        registry.close();
    }

    @Actor
    public void read(LLL_Result r) {
        r.r1 = inWords(registry.latest(Probe.READINESS));
        r.r2 = inWords(registry.latest(Probe.READINESS));
    }

    @Arbiter
    public void readLater(LLL_Result r) {
        virtual.time.advance(Duration.ofMinutes(30));
        r.r3 = inWords(registry.latest(Probe.READINESS));
    }

    private static String inWords(HealthReport report) {
        return report.reason() + " " + word(report.checks().get(0));
    }
}
