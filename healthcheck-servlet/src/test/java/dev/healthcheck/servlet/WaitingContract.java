package dev.healthcheck.servlet;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.healthcheck.CheckResult;
import dev.healthcheck.Probe;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Requests whose answer has to be waited for. */
abstract class WaitingContract extends HttpContract {
    /** Many more than the container has threads. */
    private static final int CLIENTS = 500;

    WaitingContract(Supplier<Container> containers) {
        super(containers);
    }

    @Test
    void requests_that_wait_hold_no_thread() throws Exception {
        registry.register("slow", waitsForGate());
        container.mount(hello(), false, "/hello");
        AtomicInteger arrived = countArrivals();
        startUsual();

        List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            waiting.add(send(
                    "GET",
                    List.of("/health/ready", "/health", "/health/slow", "/readyz")
                            .get(i % 4)));
        }
        await().until(() -> arrived.get() == CLIENTS);
        for (int i = 0; i < 20; i++) {
            assertThat(get("/hello").body()).isEqualTo("hello");
        }
        assertThat(waiting).noneMatch(CompletableFuture::isDone);
        gate.countDown();

        for (int i = 0; i < CLIENTS; i++) {
            HttpResponse<String> response = waiting.get(i).get(PATIENCE, TimeUnit.SECONDS);
            assertThat(response.statusCode()).isEqualTo(200);
            assertUsualHeaders(response);
            JsonNode answer = json(response);
            String word = Arrays.asList("ready", null, null, "ready").get(i % 4);
            assertThat(answer.path("probe").textValue()).isEqualTo(word);
            assertThat(answer.has("runs")).isEqualTo(i % 4 == 2);
        }
        assertThat(atGate).hasValue(1);
    }

    @Test
    void where_async_is_not_supported_requests_wait_on_threads_of_the_container_and_that_is_said_once()
            throws Exception {
        registry.register("slow", waitsForGate(), o -> o.cacheFor(Duration.ZERO));
        container.mount(HealthServlet.of(registry), false, "/health/*");
        port = container.start();

        try (LogCapture log = new LogCapture()) {
            CompletableFuture<HttpResponse<String>> report = send("GET", "/health/ready");
            await().until(() -> atGate.get() == 1 && log.lines().size() == 1);
            CompletableFuture<HttpResponse<String>> check = send("GET", "/health/slow");
            gate.countDown();

            assertThat(json(report.get(PATIENCE, TimeUnit.SECONDS))
                            .get("status")
                            .textValue())
                    .isEqualTo("UP");
            assertThat(json(check.get(PATIENCE, TimeUnit.SECONDS)).get("name").textValue())
                    .isEqualTo("slow");
            get("/health");
            assertThat(log.lines()).hasSize(1).first().asString().startsWith("WARN Requests wait for checks on");
        }
    }

    @Test // R4c
    void a_registry_that_does_not_answer_is_pending() throws Exception {
        registry.register("slow", waitsForGate());
        start(HealthServlet.builder(registry)
                .service("orders", "1")
                .giveUpAfter(ofMillis(300))
                .build());

        HttpResponse<String> ready = get("/health/ready");
        HttpResponse<String> check = get("/health/slow");

        assertThat(ready.statusCode()).isEqualTo(503);
        assertUsualHeaders(ready);
        assertThat(ready.body()).isEqualTo("{\"status\":\"DOWN\",\"reason\":\"pending\"}\n");
        assertThat(check.statusCode()).isEqualTo(503);
        assertUsualHeaders(check);
        assertThat(check.body()).isEqualTo("{\"status\":\"DOWN\",\"reason\":\"pending\"}\n");
        gate.countDown();
        await().until(() -> get("/health/ready").statusCode() == 200);
    }

    @Test // R4d
    void a_registry_that_does_not_answer_does_not_kill() throws Exception {
        registry.register("slow", waitsForGate(), o -> o.probes(Probe.LIVENESS));
        start(HealthServlet.builder(registry).giveUpAfter(ofMillis(300)).build());

        HttpResponse<String> live = get("/health/live");

        assertThat(live.statusCode()).isEqualTo(200);
        assertThat(live.body()).isEqualTo("{\"status\":\"UP\",\"reason\":\"pending\"}\n");
    }

    @Test // R16d
    void a_registry_closed_meanwhile_answers() throws Exception {
        registry.register("slow", waitsForGate());
        startUsual();
        CompletableFuture<HttpResponse<String>> ready = send("GET", "/health/ready");
        await().until(() -> atGate.get() == 1);

        registry.close();

        HttpResponse<String> response = ready.get(PATIENCE, TimeUnit.SECONDS);
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(json(response).get("reason").textValue()).isEqualTo("closed");
    }

    @Test
    void an_answer_that_comes_as_the_patience_ends_is_one_answer() throws Exception {
        AtomicReference<CountDownLatch> patience = new AtomicReference<>();
        registry.register(
                "slow",
                () -> {
                    patience.get().await();
                    return CheckResult.up();
                },
                o -> o.cacheFor(Duration.ZERO));
        start(HealthServlet.builder(registry).giveUpAfter(ofMillis(400)).build());

        try (LogCapture log = new LogCapture()) {
            Set<Integer> codes = new HashSet<>();
            for (int round = 0;
                    round < 10 && codes.size() < 2;
                    round++) { // one round is enough unless the machine stalls
                patience.set(new CountDownLatch(1));
                List<CompletableFuture<HttpResponse<String>>> waiting = askUntilTheFirstIsAnswered();
                patience.get().countDown();

                for (CompletableFuture<HttpResponse<String>> one : waiting) {
                    HttpResponse<String> response = one.get(PATIENCE, TimeUnit.SECONDS);
                    assertUsualHeaders(response);
                    assertThat(json(response).path("reason").asText())
                            .isEqualTo(response.statusCode() == 200 ? "" : "pending");
                    codes.add(response.statusCode());
                }
            }
            assertThat(codes)
                    .as("some have waited long enough, and some have not")
                    .containsExactlyInAnyOrder(200, 503);
            // Jetty warns of a task whose request has ended before: the task was queued when the patience ended
            assertThat(log.lines())
                    .filteredOn(line -> !line.equals("WARN Job failed"))
                    .isEmpty();
        }
    }

    /** Sends a request every few milliseconds until the first is answered. Returns all of them. */
    private List<CompletableFuture<HttpResponse<String>>> askUntilTheFirstIsAnswered() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
        while (true) {
            waiting.add(send("GET", "/health/ready"));
            try {
                var unused = waiting.get(0).get(3, TimeUnit.MILLISECONDS);
                return waiting;
            } catch (TimeoutException e) {
                // send the next one
            }
        }
    }

    @Test
    void an_answer_that_is_waited_for_passes_the_filters_once() throws Exception {
        registry.register("slow", waitsForGate());
        List<DispatcherType> passes = new CopyOnWriteArrayList<>();
        container.filter(
                (request, response, chain) -> {
                    passes.add(request.getDispatcherType());
                    chain.doFilter(request, response);
                },
                DispatcherType.values());
        startUsual();

        HttpResponse<String> ready = letThrough(send("GET", "/health/ready"));

        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);
        assertThat(passes).containsExactly(DispatcherType.REQUEST, DispatcherType.REQUEST);
    }

    @Test
    void a_client_that_hangs_up_disturbs_nobody() throws Exception {
        registry.register("slow", waitsForGate(), o -> o.cacheFor(Duration.ZERO));
        AtomicInteger arrived = countArrivals();
        startUsual();

        try (LogCapture log = new LogCapture()) {
            for (int i = 1; i <= 300; i++) {
                int before = i;
                try (Socket socket = connect("GET", "/health/ready")) {
                    socket.setSoLinger(i % 2 == 0, 0); // half of them with a reset
                    await().pollInterval(ofMillis(2)).until(() -> arrived.get() == before);
                }
            }
            CompletableFuture<HttpResponse<String>> patient = send("GET", "/health/ready");
            gate.countDown();
            assertThat(patient.get(PATIENCE, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            for (int i = 0; i < 20; i++) {
                assertThat(get("/health/ready").statusCode()).isEqualTo(200);
            }
            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    void what_filters_put_around_a_request_counts() throws Exception {
        registry.register("slow", () -> {
            waitsForGate().check();
            return CheckResult.degraded("limps on " + SECRET);
        });
        container.filter(asOperator(), DispatcherType.REQUEST);
        start(HealthServlet.builder(registry).showDetailsTo(this::isOperator).build());

        CompletableFuture<HttpResponse<String>> operator = send("GET", "/health/ready?operator");
        CompletableFuture<HttpResponse<String>> stranger = send("GET", "/health/ready");
        CompletableFuture<HttpResponse<String>> renamed = send("GET", "/renamed");
        await().until(() -> atGate.get() == 1);
        gate.countDown();

        assertThat(operator.get(PATIENCE, TimeUnit.SECONDS).body()).contains("hunter2");
        assertThat(stranger.get(PATIENCE, TimeUnit.SECONDS).body())
                .contains("DEGRADED")
                .doesNotContain("hunter2");
        assertThat(renamed.get(PATIENCE, TimeUnit.SECONDS).statusCode()).isEqualTo(404);
    }

    @Test
    void a_request_may_be_forwarded_to_it() throws Exception {
        registry.register("slow", waitsForGate(), o -> o.cacheFor(Duration.ZERO));
        container.mount(forwardingTo("/health/ready"), true, "/ping");
        startUsual();

        HttpResponse<String> response = letThrough(send("GET", "/ping"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).get("probe").textValue()).isEqualTo("ready");
        assertThat(atGate).hasValue(1);
    }

    private Filter asOperator() {
        return (request, response, chain) -> {
            HttpServletRequest http = (HttpServletRequest) request;
            boolean operator = "operator".equals(http.getQueryString());
            chain.doFilter(
                    new HttpServletRequestWrapper(http) {
                        @Override
                        public String getRemoteUser() {
                            return operator ? "operator" : null;
                        }
                    },
                    response);
        };
    }

    private boolean isOperator(HttpServletRequest request) {
        return "operator".equals(request.getRemoteUser());
    }
}
