package dev.healthcheck.published;

import static java.time.Duration.ofMinutes;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Probe;
import dev.healthcheck.Status;
import dev.healthcheck.checks.Heartbeat;
import dev.healthcheck.checks.MaintenanceSwitch;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The recipe for workers that pull, of docs/checks.md. */
class WorkerRecipeTest {
    private final HealthCheckRegistry health = HealthCheckRegistry.builder()
            .defaults(o -> o.cacheFor(Duration.ZERO))
            .build();
    private final BlockingQueue<String> queue = new LinkedBlockingQueue<>();
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final CountDownLatch slowMessage = new CountDownLatch(1);
    private final CountDownLatch slowMessageBegun = new CountDownLatch(1);
    private final Heartbeat beat = Heartbeat.within(ofMinutes(5));
    private final Thread thread = new Thread(new Worker(health, beat, queue, this::handle), "worker");

    private final AtomicInteger questions = new AtomicInteger();
    private volatile CheckResult database = CheckResult.up();

    // recipe
    /** Takes messages while the instance is ready, and ends when it drains. */
    static final class Worker implements Runnable {
        private final HealthCheckRegistry health;
        private final Heartbeat beat;
        private final BlockingQueue<String> queue;
        private final Consumer<String> handler;

        Worker(HealthCheckRegistry health, Heartbeat beat, BlockingQueue<String> queue, Consumer<String> handler) {
            this.health = health;
            this.beat = beat;
            this.queue = queue;
            this.handler = handler;
        }

        @Override
        public void run() {
            try {
                while (true) {
                    beat.beat(); // in each round, also while it takes no work
                    HealthReport report = health.check(Probe.READINESS); // cached, and within 900 ms
                    if ("draining".equals(report.reason()) || "closed".equals(report.reason())) {
                        return;
                    }
                    if (report.status() == Status.DOWN) {
                        Thread.sleep(500);
                        continue;
                    }
                    String message = queue.poll(1, SECONDS); // not for long, so that a drain is noticed
                    if (message != null) {
                        handler.accept(message);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
    // end of recipe

    @BeforeEach
    void start() {
        health.register("orders-db", this::database);
        health.register("worker", beat, o -> o.probes(Probe.LIVENESS, Probe.READINESS));
        thread.setDaemon(true);
        thread.start();
    }

    @AfterEach
    void end() {
        slowMessage.countDown();
        health.close();
        thread.interrupt();
    }

    @Test
    void it_takes_no_work_while_it_is_not_ready_and_goes_on_when_it_is() {
        queue.add("1");
        await().untilAsserted(() -> assertThat(done).containsExactly("1"));

        database = CheckResult.down("gone").withReason("unreachable");
        takesNothing("2");

        database = CheckResult.up();
        await().untilAsserted(() -> assertThat(done).containsExactly("1", "2"));
    }

    @Test
    void it_takes_no_work_during_maintenance() {
        MaintenanceSwitch maintenance = MaintenanceSwitch.create();
        health.register("maintenance", maintenance);
        maintenance.on("vacuum", ofMinutes(20));
        takesNothing("1");

        maintenance.off();
        await().untilAsserted(() -> assertThat(done).containsExactly("1"));
    }

    @Test
    void it_finishes_the_message_in_hand_when_the_instance_drains_and_takes_no_other() throws Exception {
        queue.add("slow");
        assertThat(slowMessageBegun.await(10, SECONDS)).isTrue();
        queue.add("next");

        health.drain();
        slowMessage.countDown();
        thread.join(10_000);

        assertThat(thread.isAlive()).isFalse();
        assertThat(done).containsExactly("slow");
        assertThat(queue).containsExactly("next");
    }

    @Test
    void it_beats_while_it_takes_no_work() {
        database = CheckResult.down("gone");
        takesNothing("1");

        assertThat(health.check("worker").orElseThrow().status()).isEqualTo(Status.UP);
    }

    /** Returns when the worker has passed over the message. */
    private void takesNothing(String message) {
        awaitTwoQuestions();
        queue.add(message);
        awaitTwoQuestions();
        assertThat(queue).containsExactly(message);
    }

    /** The second one began after the call, so the worker knows by it what holds. */
    private void awaitTwoQuestions() {
        int before = questions.get();
        await().until(() -> questions.get() >= before + 2);
    }

    private CheckResult database() {
        questions.incrementAndGet();
        return database;
    }

    private void handle(String message) {
        if (message.equals("slow")) {
            slowMessageBegun.countDown();
            await().until(() -> slowMessage.getCount() == 0);
        }
        done.add(message);
    }
}
