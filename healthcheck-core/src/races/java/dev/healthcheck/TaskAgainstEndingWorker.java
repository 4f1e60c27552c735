package dev.healthcheck;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** R14d: a task arrives while an idle worker ends: it is run. */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "both were run")
@State
public class TaskAgainstEndingWorker {
    private static final Workers WORKERS = new Workers(Duration.ZERO);

    private final CountDownLatch one = new CountDownLatch(1);
    private final CountDownLatch other = new CountDownLatch(1);

    @Actor
    public void one(ZZ_Result r) {
        WORKERS.execute(one::countDown);
        r.r1 = ShortWait.await(one);
    }

    @Actor
    public void other(ZZ_Result r) {
        WORKERS.execute(other::countDown);
        r.r2 = ShortWait.await(other);
    }
}
