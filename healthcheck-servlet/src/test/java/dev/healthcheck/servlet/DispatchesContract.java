package dev.healthcheck.servlet;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Probe;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that reach the servlet through another one, the threads that answer, and the end of the servlet. */
abstract class DispatchesContract extends HttpContract {
    DispatchesContract(Supplier<Container> containers) {
        super(containers);
    }

    @Test
    void a_page_may_include_answers_of_several_servlets_that_have_to_be_waited_for() throws Exception {
        try (HealthCheckRegistry others = HealthCheckRegistry.create()) {
            registry.register("slow", waitsForGate());
            others.register("other", CheckResult::up);
            container.mount(including("/health/slow", "/others/ready", "/health/ready", "/readyz"), true, "/page");
            container.mount(HealthServlet.of(others), true, "/others/*");
            startUsual();

            HttpResponse<String> response = letThrough(send("GET", "/page"));

            assertThat(response.statusCode()).isEqualTo(200);
            JsonNode parts = json(response);
            assertThat(parts).hasSize(4);
            assertThat(parts.get(0).get("name").textValue()).isEqualTo("slow");
            assertThat(names(parts.get(1).get("checks"))).containsExactly("other");
            assertThat(names(parts.get(2).get("checks"))).containsExactly("slow");
            assertThat(parts.get(3).get("probe").textValue()).isEqualTo("ready");
        }
    }

    @Test
    void a_forward_to_either_of_two_servlets_gets_its_own_answer() throws Exception {
        try (HealthCheckRegistry others = HealthCheckRegistry.create()) {
            registry.register("slow", waitsForGate());
            others.register("other", () -> CheckResult.down("gone"));
            container.mount(forwardingTo("/health/ready"), true, "/ping");
            container.mount(forwardingTo("/others/ready"), true, "/pong");
            container.mount(HealthServlet.of(others), true, "/others/*");
            startUsual();

            CompletableFuture<HttpResponse<String>> pong = send("GET", "/pong");
            HttpResponse<String> ping = letThrough(send("GET", "/ping"));

            assertThat(pong.get(PATIENCE, TimeUnit.SECONDS).statusCode()).isEqualTo(503);
            assertThat(names(json(pong.join()).get("checks"))).containsExactly("other");
            assertThat(ping.statusCode()).isEqualTo(200);
            assertThat(names(json(ping).get("checks"))).containsExactly("slow");
        }
    }

    @Test
    void an_error_page_may_be_an_answer_that_has_to_be_waited_for() throws Exception {
        registry.register("slow", waitsForGate());
        container.mount(failing(), true, "/failing");
        container.errorPage("/health/ready");
        startUsual();

        HttpResponse<String> failed = letThrough(send("GET", "/failing"));

        assertThat(json(failed).get("probe").textValue()).isEqualTo("ready");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health/ready", "/health/live"})
    void when_the_container_stops_requests_that_wait_are_answered_or_closed(String path) throws Exception {
        registry.register("slow", waitsForGate(), o -> o.probes(Probe.LIVENESS, Probe.READINESS));
        AtomicInteger arrived = countArrivals();
        startUsual();
        List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            waiting.add(send("GET", path));
        }
        await().until(() -> arrived.get() == waiting.size());

        try (LogCapture log = new LogCapture()) {
            container.stop();

            for (CompletableFuture<HttpResponse<String>> one : waiting) {
                assertAnsweredOrClosed(one);
            }
            assertThat(log.lines()).noneMatch(line -> line.startsWith("ERROR") || line.startsWith("SEVERE"));
        }
    }

    /** Never a success that nobody has found. */
    private static void assertAnsweredOrClosed(CompletableFuture<HttpResponse<String>> one) throws Exception {
        try {
            HttpResponse<String> response = one.get(PATIENCE, TimeUnit.SECONDS);
            if (response.statusCode() == 200) {
                assertThat(response.body()).isEqualTo("{\"status\":\"UP\",\"reason\":\"pending\"}\n");
            } else {
                assertThat(response.statusCode()).isBetween(500, 503);
            }
        } catch (ExecutionException closed) {
            assertThat(closed).hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void no_thread_of_the_registry_ever_runs_the_container_s_work() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        registry.register(
                "slow",
                () -> {
                    runs.incrementAndGet();
                    TimeUnit.MILLISECONDS.sleep(5);
                    return CheckResult.up();
                },
                o -> o.cacheFor(Duration.ZERO));
        Set<String> within = ConcurrentHashMap.newKeySet();
        container.filter(
                (request, response, chain) -> {
                    within.add(Thread.currentThread().getName());
                    chain.doFilter(request, response);
                },
                DispatcherType.values());
        startUsual();

        Set<String> found = new TreeSet<>();
        try (Wire pipeline = Wire.to(port)) {
            for (int round = 0; round < 15; round++) {
                pipeline.send(aGet("/health/slow").repeat(5) + aGet("/health/ready"));
                for (int i = 0; i < 6; i++) {
                    found.addAll(containerFramesOfOurThreads());
                    assertThat(pipeline.response("GET").status()).isEqualTo(200);
                }
            }
        }

        assertThat(found).isEmpty();
        assertThat(within).isNotEmpty().noneMatch(name -> name.startsWith("healthcheck-"));
        assertThat(runs.get()).isGreaterThan(20);
    }

    /** Returns the frames of containers below which a thread of a registry runs our servlet. */
    private static List<String> containerFramesOfOurThreads() {
        List<String> frames = new ArrayList<>();
        for (Map.Entry<Thread, StackTraceElement[]> thread :
                Thread.getAllStackTraces().entrySet()) {
            if (thread.getKey().getName().startsWith("healthcheck-")) {
                List<StackTraceElement> stack = Arrays.asList(thread.getValue());
                int handOver = first(stack, frame -> frame.getMethodName().equals("handOver"));
                // what the container does to take the answer over is short: it only queues a task
                stack.subList(handOver < 0 ? 0 : handOver, stack.size()).stream()
                        .map(StackTraceElement::toString)
                        .filter(
                                frame -> frame.matches(
                                        "(org\\.apache\\.(coyote|catalina|tomcat)|org\\.eclipse\\.jetty|io\\.undertow|org\\.xnio).*"))
                        .forEach(frames::add);
                if (stack.stream().anyMatch(frame -> frame.getMethodName().equals("service"))) {
                    frames.add("service");
                }
            }
        }
        return frames;
    }

    private static int first(List<StackTraceElement> stack, Predicate<StackTraceElement> wanted) {
        for (int i = 0; i < stack.size(); i++) {
            if (wanted.test(stack.get(i))) {
                return i;
            }
        }
        return -1;
    }

    @Test
    @Tag("slow")
    void a_budget_of_more_than_ten_seconds_holds_with_async_and_without() throws Exception {
        try (HealthCheckRegistry patient = HealthCheckRegistry.builder()
                .answerWithin(ofSeconds(60))
                .defaults(o -> o.timeout(ofSeconds(50)))
                .build()) {
            patient.register("slow", () -> {
                TimeUnit.SECONDS.sleep(11);
                return CheckResult.up();
            });
            container.mount(HealthServlet.of(patient), true, "/async/*");
            container.mount(HealthServlet.of(patient), false, "/blocking/*");
            port = container.start();

            CompletableFuture<HttpResponse<String>> async = send("GET", "/async/ready");
            CompletableFuture<HttpResponse<String>> blocking = send("GET", "/blocking/ready");

            assertThat(async.get(PATIENCE, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            assertThat(blocking.get(PATIENCE, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        }
    }

    private static HttpServlet including(String... paths) {
        return new HttpServlet() {
            @Override
            protected void doGet(HttpServletRequest request, HttpServletResponse response)
                    throws ServletException, IOException {
                response.setContentType("application/json");
                response.getOutputStream().print("[");
                for (String path : paths) {
                    request.getRequestDispatcher(path).include(request, response);
                    response.getOutputStream().print(path.equals(paths[paths.length - 1]) ? "]" : ",");
                }
            }
        };
    }

    private static HttpServlet failing() {
        return new HttpServlet() {
            @Override
            protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                response.sendError(500);
            }
        };
    }
}
