package dev.healthcheck.grpc;

import static io.grpc.health.v1.HealthCheckResponse.ServingStatus.NOT_SERVING;
import static io.grpc.health.v1.HealthCheckResponse.ServingStatus.SERVICE_UNKNOWN;
import static io.grpc.health.v1.HealthCheckResponse.ServingStatus.SERVING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Probe;
import dev.healthcheck.Registration;
import dev.healthcheck.testkit.CapturedLog;
import dev.healthcheck.testkit.Hang;
import dev.healthcheck.testkit.Patience;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code Watch}, by clients over a socket. */
class WatchTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final HealthCheckRegistry health = Patience.builder().build();
    private final AtomicBoolean up = new AtomicBoolean(true);
    private final AtomicInteger runs = new AtomicInteger();
    private final Registration db = health.register("orders-db", () -> {
        runs.incrementAndGet();
        return up.get() ? CheckResult.up() : CheckResult.down("gone");
    });

    @AfterEach
    void close() {
        health.close();
        await("thread").atMost(LONG).until(() -> threads() == 0);
    }

    @Test
    void tells_the_present_status_and_then_each_change() throws Exception {
        try (TestServer server = TestServer.of(health)) {
            db.runNow();
            WatchClient watch = server.client().watch("readiness");
            watch.awaitRead(SERVING);

            turn(false);
            watch.awaitRead(SERVING, NOT_SERVING);
            turn(true);
            watch.awaitRead(SERVING, NOT_SERVING, SERVING);
        }
    }

    @Test
    void a_change_does_not_wait_for_the_look_of_the_next_second() throws Exception {
        try (TestServer server = TestServer.of(health)) {
            db.runNow();
            WatchClient watch = server.client().watch("readiness");
            watch.awaitRead(SERVING); // or it may be told first what the first change makes of it
            // each of these changes would wait for a second
            Patience.assertOnceWithin(Duration.ofSeconds(2), () -> {
                for (int i = 0; i < 5; i++) {
                    int before = watch.read.size();
                    turn(!up.get());
                    await().atMost(LONG).until(() -> watch.read.size() > before);
                }
            });
        }
    }

    @Test
    void starts_no_run_and_says_which_check_needs_a_schedule() throws Exception {
        try (CapturedLog log = new CapturedLog();
                TestServer server = TestServer.of(health)) {
            server.client().watch("readiness").awaitRead(NOT_SERVING);

            assertThat(runs).hasValue(0);
            await().untilAsserted(
                            () -> assertThat(log.lines(Level.INFO))
                                    .extracting(ILoggingEvent::getFormattedMessage)
                                    .contains(
                                            "Watch says NOT_SERVING while no prober asks for these checks without a schedule: [orders-db]"));
        }
        assertThat(health.lastAsked(Probe.READINESS)).isEmpty();
    }

    @Test
    void draining_and_then_closing_is_one_change() throws Exception {
        try (TestServer server = TestServer.of(health)) {
            db.runNow();
            WatchClient readiness = server.client().watch("readiness");
            WatchClient liveness = server.client().watch("liveness");
            readiness.awaitRead(SERVING);
            liveness.awaitRead(SERVING);

            health.drain();
            readiness.awaitRead(SERVING, NOT_SERVING);
            health.close();

            WatchClient late = server.client().watch("readiness");
            late.awaitRead(NOT_SERVING);
            readiness.awaitRead(SERVING, NOT_SERVING);
            liveness.awaitRead(SERVING);
            assertThat(readiness.hasEnded()).isFalse();
        }
    }

    @Test
    void an_unknown_service_is_told_so_and_is_serving_once_its_check_is_registered() throws Exception {
        GrpcHealthService service = GrpcHealthService.of(health, Map.of("shop.v1.Search", List.of("search")));
        try (TestServer server = TestServer.of(service)) {
            WatchClient watch = server.client().watch("shop.v1.Search");
            WatchClient nowhere = server.client().watch("shop.v1.Nowhere");
            watch.awaitRead(SERVICE_UNKNOWN);
            nowhere.awaitRead(SERVICE_UNKNOWN);

            Registration search = health.register("search", CheckResult::up, o -> o.every(LONG));
            await().atMost(LONG).until(() -> watch.read.contains(SERVING));
            search.close();
            await().atMost(LONG).until(() -> watch.last() == SERVICE_UNKNOWN);

            nowhere.awaitRead(SERVICE_UNKNOWN);
            assertThat(nowhere.hasEnded()).isFalse();
        }
    }

    /** The log blocks, so no change is told: the look of each second finds it. */
    @Test
    @Tag("slow")
    void a_check_that_hangs_is_no_stale_green_although_nobody_tells() throws Exception {
        Hang hang = new Hang();
        AtomicBoolean hangs = new AtomicBoolean();
        try (HealthCheckRegistry scheduled = HealthCheckRegistry.create();
                TestServer server = TestServer.of(scheduled)) {
            scheduled.register(
                    "job", () -> hangs.get() ? hang.check() : CheckResult.up(), o -> o.every(Duration.ofMillis(100))
                            .timeout(Duration.ofMillis(100)));
            WatchClient watch = server.client().watch("readiness");
            await().atMost(LONG).until(() -> watch.read.contains(SERVING));
            try (BlockedLog log = new BlockedLog()) {
                hangs.set(true);
                log.awaitBlocked(1);

                await().atMost(LONG).until(() -> watch.last() == NOT_SERVING);
            }
        } finally {
            hang.release();
        }
    }

    @Test
    void draining_is_told_while_the_log_blocks() throws Exception {
        try (TestServer server = TestServer.of(health)) {
            db.runNow();
            try (BlockedLog log = new BlockedLog()) {
                WatchClient watch = server.client().watch("readiness");
                watch.awaitRead(SERVING);
                log.awaitBlocked(1);

                health.drain();

                watch.awaitRead(SERVING, NOT_SERVING);
            }
        }
    }

    @Test
    @Tag("slow")
    void a_client_that_does_not_read_gets_the_newest_status_only() throws Exception {
        GrpcHealthService service = GrpcHealthService.of(health, Map.of("shop.v1.Orders", List.of("orders-db")));
        try (TestServer server = TestServer.of(service)) {
            db.runNow();
            WatchClient slow = server.client().watchWithoutReading("shop.v1.Orders");
            WatchClient reader = server.client().watch("shop.v1.Orders");
            reader.awaitRead(SERVING);
            for (int i = 1; i <= 50; i++) {
                int changes = i;
                turn(i % 2 == 0);
                await().atMost(LONG).until(() -> reader.read.size() == changes + 1);
            }
            db.close();
            await().atMost(LONG).until(() -> reader.last() == SERVICE_UNKNOWN);

            slow.read(Integer.MAX_VALUE);

            await().atMost(LONG).until(() -> slow.last() == SERVICE_UNKNOWN);
            assertThat(slow.read).hasSizeLessThan(10);
        }
    }

    @Test
    @Tag("slow")
    void one_thread_serves_all_and_none_remains() throws Exception {
        try (TestServer server = TestServer.of(health)) {
            assertThat(threads()).isZero();
            WatchClient first = server.client().watch("readiness");
            WatchClient second = server.client().watch("liveness");
            await().until(() -> !first.read.isEmpty() && !second.read.isEmpty());
            assertThat(threads()).isEqualTo(1);

            first.cancel();
            second.cancel();

            await().atMost(LONG).until(() -> threads() == 0);
            WatchClient third = server.client().watch("liveness");
            third.awaitRead(SERVING);
            server.client().close();
            await().atMost(LONG).until(() -> threads() == 0);
        }
    }

    @Test
    @Tag("slow")
    void a_stream_that_breaks_ends_and_disturbs_no_other() throws Exception {
        AtomicInteger sent = new AtomicInteger();
        try (TestServer server = TestServer.of(GrpcHealthService.of(health), new FailingOnce(sent))) {
            db.runNow();
            List<WatchClient> all = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                all.add(server.client().watch("readiness"));
            }

            await().atMost(LONG)
                    .until(() -> all.stream()
                                            .filter(watch -> !watch.read.isEmpty())
                                            .count()
                                    == 4
                            && all.stream().filter(WatchClient::hasEnded).count() == 1);
            turn(false);

            all.removeIf(WatchClient::hasEnded);
            all.forEach(watch -> watch.awaitRead(SERVING, NOT_SERVING));
        }
    }

    @Test
    void a_look_that_fails_is_no_stale_green_and_ends_no_stream() throws Exception {
        DeferredLog log = new DeferredLog(health.workers());
        Map<String, ServiceHealth> services = Map.of(
                "readiness", new FailingHealth(new ProbeHealth(health, Probe.READINESS)),
                "liveness", new ProbeHealth(health, Probe.LIVENESS));

        try (TestServer server = TestServer.of(new HealthCalls(services, new Watchers(health, log), log))) {
            WatchClient failing = server.client().watch("readiness");
            WatchClient other = server.client().watch("liveness");

            failing.awaitRead(NOT_SERVING);
            other.awaitRead(SERVING);
            assertThat(failing.hasEnded()).isFalse();
        }
    }

    @Test
    @Tag("slow")
    void a_thousand_clients_cost_one_thread_and_all_are_told() throws Exception {
        try (TestServer server = TestServer.of(health)) {
            db.runNow();
            List<WatchClient> all = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                all.add(server.client().watch("readiness"));
            }
            all.forEach(watch -> watch.awaitRead(SERVING));
            assertThat(threads()).isEqualTo(1);

            turn(false);

            all.forEach(watch -> watch.awaitRead(SERVING, NOT_SERVING));
            assertThat(threads()).isEqualTo(1);
            all.forEach(WatchClient::cancel);
            await().atMost(LONG).until(() -> threads() == 0);
        }
    }

    private void turn(boolean up) {
        this.up.set(up);
        db.runNow();
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("healthcheck-grpc"))
                .count();
    }

    /** Throws when the third message of all streams is sent. */
    private record FailingOnce(AtomicInteger sent) implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            return next.startCall(
                    new SimpleForwardingServerCall<>(call) {
                        @Override
                        public void sendMessage(A message) {
                            if (sent.incrementAndGet() == 3) {
                                throw new IllegalStateException("of a test");
                            }
                            super.sendMessage(message);
                        }
                    },
                    headers);
        }
    }
}
