package dev.healthcheck;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** R14d: a task arrives while a worker goes idle: it is run. */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "all were run")
@State
public class TaskAgainstIdleWorker {
    /** Of its own for each actor: where there are two workers, the other one might help. */
    private static final Workers ONE = new Workers(Duration.ofSeconds(30));

    private static final Workers OTHER = new Workers(Duration.ofSeconds(30));

    @Actor
    public void one(ZZ_Result r) {
        r.r1 = runs(ONE);
    }

    @Actor
    public void other(ZZ_Result r) {
        r.r2 = runs(OTHER);
    }

    private static boolean runs(Workers workers) {
        CountDownLatch latch = new CountDownLatch(1);
        workers.execute(latch::countDown);
        return ShortWait.await(latch);
    }
}
