package dev.healthcheck;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** R9f: somebody reads twice while a check that is required to start ends its first run well: required fits the verdict. */
@JCStressTest
@Outcome(id = "DOWN required, DOWN required", expect = ACCEPTABLE, desc = "both before the verdict")
@Outcome(id = "DOWN required, UP optional", expect = ACCEPTABLE, desc = "the verdict was between them")
@Outcome(id = "UP optional, UP optional", expect = ACCEPTABLE, desc = "both after the verdict")
@State
public class LatestAgainstFirstVerdict {
    private final VirtualChecks virtual = new VirtualChecks();
    private final RegisteredCheck check = virtual.check(CheckResult::up, CheckOptions::requiredToStart);
    private final PendingAnswers question = virtual.ask(check);

    @Actor
    public void end() {
        virtual.workers.runAll();
    }

    @Actor
    public void read(LL_Result r) {
        r.r1 = latest();
        r.r2 = question.unasked() == 0 ? latest() : "";
    }

    private String latest() {
        CheckReport report = check.latest(Probe.READINESS, Status.DOWN, virtual.engine.nanos());
        return report.status() + (report.required() ? " required" : " optional");
    }
}
