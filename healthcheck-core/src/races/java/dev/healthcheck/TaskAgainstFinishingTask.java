package dev.healthcheck;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** R14d: a task arrives while a worker says that it is about to finish another: it is run. */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "both were run")
@State
public class TaskAgainstFinishingTask {
    private static final Workers WORKERS = new Workers(Duration.ofSeconds(30));

    private final CountDownLatch one = new CountDownLatch(1);
    private final CountDownLatch other = new CountDownLatch(1);

    @Actor
    public void one(ZZ_Result r) {
        r.r1 = runs(one);
    }

    @Actor
    public void other(ZZ_Result r) {
        r.r2 = runs(other);
    }

    private static boolean runs(CountDownLatch latch) {
        WORKERS.execute(() -> {
            Workers.finishing();
            latch.countDown();
        });
        return ShortWait.await(latch);
    }
}
