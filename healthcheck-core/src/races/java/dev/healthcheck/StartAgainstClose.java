package dev.healthcheck;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** R16a: the registry is closed while a run begins: once that has returned, the check is not called. */
@JCStressTest
@Outcome(id = "false", expect = ACCEPTABLE, desc = "called before, or not at all")
@State
public class StartAgainstClose {
    private final VirtualChecks virtual = new VirtualChecks();
    private final HealthCheckRegistry registry = virtual.registry();
    private final Run run = begun();
    private volatile boolean closed;
    private volatile boolean calledAfterwards;

    private Run begun() {
        registry.register("db", () -> {
            calledAfterwards = closed;
            return CheckResult.up();
        });
        var unused = registry.checkAsync();
        return virtual.workers.takeRun();
    }

    @Actor
    public void run() {
        run.run();
    }

    @Actor
    public void close() {
        registry.close();
        closed = true;
    }

    @Arbiter
    public void look(Z_Result r) {
        r.r1 = calledAfterwards;
    }
}
