package dev.healthcheck;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** R14d: a task arrives together with one that waits for it: neither is left behind the other. */
@JCStressTest
@Outcome(id = "true", expect = ACCEPTABLE, desc = "both were run")
@State
public class TaskAgainstBlockedTask {
    private static final Workers WORKERS = new Workers(Duration.ofSeconds(30));

    private final CountDownLatch awaited = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);

    @Actor
    public void wait(Z_Result r) {
        WORKERS.execute(() -> {
            if (ShortWait.await(awaited)) {
                over.countDown();
            }
        });
        r.r1 = ShortWait.await(over);
    }

    @Actor
    public void arrive() {
        WORKERS.execute(awaited::countDown);
    }
}
