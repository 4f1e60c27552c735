package dev.healthcheck.grpc;

import static io.grpc.health.v1.HealthCheckResponse.ServingStatus.NOT_SERVING;
import static io.grpc.health.v1.HealthCheckResponse.ServingStatus.SERVING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Probe;
import dev.healthcheck.testkit.CapturedLog;
import dev.healthcheck.testkit.Hang;
import dev.healthcheck.testkit.Patience;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code Check}, by a client over a socket. */
class CheckTest {
    private static final Duration BUDGET = Duration.ofMillis(900);

    private final HealthCheckRegistry health = Patience.builder().build();

    @AfterEach
    void close() {
        health.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "liveness", "readiness", "startup"})
    void a_service_of_a_probe_answers_for_the_checks_of_the_probe(String service) throws Exception {
        health.register("local", CheckResult::up, o -> o.probes(Probe.LIVENESS));
        health.register("required", CheckResult::up);
        health.register("optional", () -> CheckResult.down("gone"), o -> o.optional());
        health.register("migrations", CheckResult::up, o -> o.probes(Probe.STARTUP));

        try (TestServer server = TestServer.of(health)) {
            assertThat(server.client().check(service)).isEqualTo(SERVING);
        }
    }

    @Test
    void a_required_check_that_is_down_is_not_serving_for_its_probe_and_for_the_whole() throws Exception {
        health.register("orders-db", () -> CheckResult.down("gone"));

        try (TestServer server = TestServer.of(health)) {
            assertThat(server.client().check("readiness")).isEqualTo(NOT_SERVING);
            assertThat(server.client().check("")).isEqualTo(NOT_SERVING);
            assertThat(server.client().check("liveness")).isEqualTo(SERVING);
            assertThat(server.client().check("startup")).isEqualTo(SERVING);
        }
    }

    @Test
    void a_check_runs_because_a_client_asks() throws Exception {
        Hang hang = new Hang();
        hang.release();
        health.register("orders-db", hang, o -> o.cacheFor(Duration.ZERO));

        try (TestServer server = TestServer.of(health)) {
            server.client().check("readiness");
            server.client().check("readiness");
        }

        assertThat(hang.runs).hasValue(2);
    }

    @Test
    void degraded_is_serving() throws Exception {
        health.register("pool", () -> CheckResult.degraded("nearly full"));

        try (TestServer server = TestServer.of(health)) {
            assertThat(server.client().check("readiness")).isEqualTo(SERVING);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Readiness", "orders-db", "shop.v1.Unknown", " "})
    void an_unknown_service_is_not_found_and_its_name_is_not_repeated(String service) throws Exception {
        health.register("orders-db", CheckResult::up);

        try (TestServer server = TestServer.of(health)) {
            Status error = server.client().errorOf(service);
            assertThat(error.getCode()).isEqualTo(Status.Code.NOT_FOUND);
            assertThat(error.getDescription()).isEqualTo("unknown service");
        }
        assertThat(health.lastAsked(Probe.READINESS)).isEmpty();
    }

    @Test
    void a_service_of_one_s_own_needs_its_required_checks_only() throws Exception {
        health.register("orders-db", CheckResult::up);
        health.register("queue", () -> CheckResult.down("gone"), o -> o.optional());
        health.register("search", () -> CheckResult.down("gone"));
        Map<String, List<String>> services = Map.of(
                "shop.v1.Orders", List.of("orders-db", "queue"), "shop.v1.Search", List.of("search", "orders-db"));

        try (TestServer server = TestServer.of(GrpcHealthService.of(health, services))) {
            assertThat(server.client().check("shop.v1.Orders")).isEqualTo(SERVING);
            assertThat(server.client().check("shop.v1.Search")).isEqualTo(NOT_SERVING);
        }
    }

    @Test
    void a_service_of_one_s_own_is_not_serving_while_the_instance_starts() throws Exception {
        health.register("orders-db", CheckResult::up);
        health.register("migrations", () -> CheckResult.down("pending"), o -> o.probes(Probe.STARTUP));
        GrpcHealthService service = GrpcHealthService.of(health, Map.of("shop.v1.Orders", List.of("orders-db")));

        try (TestServer server = TestServer.of(service)) {
            assertThat(server.client().check("shop.v1.Orders")).isEqualTo(NOT_SERVING);
        }
    }

    @Test
    void a_service_with_a_check_that_is_not_registered_is_unknown_and_the_log_says_so_once() throws Exception {
        health.register("orders-db", CheckResult::up);
        Map<String, List<String>> services = Map.of("shop.v1.Orders", List.of("orders-db", "quue"));

        try (CapturedLog log = new CapturedLog();
                TestServer server = TestServer.of(GrpcHealthService.of(health, services))) {
            assertThat(server.client().errorOf("shop.v1.Orders").getCode()).isEqualTo(Status.Code.NOT_FOUND);
            assertThat(server.client().errorOf("shop.v1.Orders").getCode()).isEqualTo(Status.Code.NOT_FOUND);
            await().until(() -> !log.lines(Level.WARN).isEmpty());
            assertThat(log.lines(Level.WARN))
                    .singleElement()
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .isEqualTo(
                            "shop.v1.Orders is unknown to clients until all its checks are registered: [orders-db, quue]");

            health.register("quue", CheckResult::up);
            assertThat(server.client().check("shop.v1.Orders")).isEqualTo(SERVING);
        }
    }

    @Test
    void draining_and_closed_are_not_serving_but_for_liveness() throws Exception {
        health.register("local", CheckResult::up, o -> o.probes(Probe.LIVENESS));
        health.register("orders-db", CheckResult::up);
        GrpcHealthService service = GrpcHealthService.of(health, Map.of("shop.v1.Orders", List.of("orders-db")));

        try (TestServer server = TestServer.of(service)) {
            assertThat(server.client().check("shop.v1.Orders")).isEqualTo(SERVING);
            assertThat(server.client().check("liveness")).isEqualTo(SERVING);
            health.drain();
            assertNotServingButLive(server);
            health.close();
            assertNotServingButLive(server);
        }
    }

    private static void assertNotServingButLive(TestServer server) {
        assertThat(server.client().check("")).isEqualTo(NOT_SERVING);
        assertThat(server.client().check("readiness")).isEqualTo(NOT_SERVING);
        assertThat(server.client().check("shop.v1.Orders")).isEqualTo(NOT_SERVING);
        assertThat(server.client().check("liveness")).isEqualTo(SERVING);
    }

    @ParameterizedTest // R13c, R13i
    @ValueSource(strings = {"", "readiness", "shop.v1.Orders"})
    void an_answer_while_draining_counts_as_one_that_the_balancer_has_seen(String service) throws Exception {
        health.register("orders-db", CheckResult::up);
        GrpcHealthService grpc = GrpcHealthService.of(health, Map.of("shop.v1.Orders", List.of("orders-db")));

        try (TestServer server = TestServer.of(grpc)) {
            health.drain();
            server.client().check(service);

            assertThat(health.awaitDrainSeen(1, Duration.ZERO, Duration.ofSeconds(30)))
                    .isTrue();
            assertThat(health.lastAsked(Probe.READINESS)).isPresent();
        }
    }

    @Test
    void draining_is_seen_by_the_next_Check_while_the_log_blocks() throws Exception {
        health.register("orders-db", CheckResult::up);
        Map<String, List<String>> services = Map.of("shop.v1.Orders", List.of("orders-db", "not-registered"));

        try (BlockedLog log = new BlockedLog();
                TestServer server = TestServer.of(GrpcHealthService.of(health, services))) {
            server.client().errorOf("shop.v1.Orders");
            assertThat(server.client().check("readiness")).isEqualTo(SERVING);
            log.awaitBlocked(2);

            health.drain();

            assertThat(server.client().check("readiness")).isEqualTo(NOT_SERVING);
            assertThat(server.client().check("")).isEqualTo(NOT_SERVING);
        }
    }

    @Test
    void a_check_that_hangs_is_answered_within_the_budget() throws Exception {
        Hang hang = new Hang();
        try (HealthCheckRegistry usual = HealthCheckRegistry.create();
                TestServer server = TestServer.of(usual)) {
            usual.register("orders-db", hang);
            server.client().check("liveness"); // connects

            assertThat(Patience.assertAnsweredWithin(
                            BUDGET, () -> server.client().check("readiness")))
                    .isEqualTo(NOT_SERVING);

            hang.release();
        } finally {
            hang.release();
        }
    }

    @Test
    void a_server_with_a_direct_executor_answers_others_while_a_check_runs() throws Exception {
        Hang hang = new Hang();
        ExecutorService client = Executors.newSingleThreadExecutor();
        health.register("orders-db", hang);
        try (TestServer server = TestServer.withDirectExecutor(health)) {
            CompletableFuture<ServingStatus> waiting =
                    CompletableFuture.supplyAsync(() -> server.client().check("readiness"), client);
            hang.awaitBegun();

            assertThat(server.client().check("liveness")).isEqualTo(SERVING);
            assertThat(waiting).isNotDone();

            hang.release();
            assertThat(waiting.join()).isEqualTo(SERVING);
        } finally {
            hang.release();
            client.shutdown();
        }
    }

    @Test
    void without_a_report_liveness_is_serving_and_all_else_is_not() throws Exception {
        DeferredLog log = new DeferredLog(health.workers());
        Map<String, ServiceHealth> services = Map.of(
                "readiness", new FailingHealth(new ProbeHealth(health, Probe.READINESS)),
                "liveness", new FailingHealth(new ProbeHealth(health, Probe.LIVENESS)));

        try (CapturedLog captured = new CapturedLog();
                TestServer server = TestServer.of(new HealthCalls(services, new Watchers(health, log), log))) {
            assertThat(server.client().check("readiness")).isEqualTo(NOT_SERVING);
            assertThat(server.client().check("liveness")).isEqualTo(SERVING);
            await().until(() -> captured.messages().contains("a Check is answered without a report"));
        }
    }
}
