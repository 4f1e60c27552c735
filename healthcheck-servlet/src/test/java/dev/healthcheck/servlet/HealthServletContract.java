package dev.healthcheck.servlet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Probe;
import dev.healthcheck.Status;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the servlet promises, over HTTP, in any container. */
abstract class HealthServletContract {
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private static final String NOW = "2026-01-01T10:00:00.123Z";
    private static final String TIMES = "\"durationMs\":0.0,\"checkedAt\":\"" + NOW + "\",\"since\":\"" + NOW + "\"";
    private static final String SECRET = "jdbc:postgresql://admin:hunter2@db-17/orders";

    /** Many more than a container has threads. */
    private static final int CLIENTS = 500;

    private final HttpClient client = HttpClient.newHttpClient();
    private final CountDownLatch gate = new CountDownLatch(1);
    private HealthCheckRegistry registry;
    private Container container;
    private int port;

    abstract Container newContainer();

    @BeforeEach
    void open() {
        container = newContainer();
        registry = HealthCheckRegistry.builder()
                .answerWithin(ofSeconds(20))
                .clock(() -> Instant.parse("2026-01-01T10:00:00.123999Z"))
                .build();
    }

    @AfterEach
    void close() throws Exception {
        gate.countDown();
        container.stop();
        registry.close();
    }

    @Nested
    class Paths {
        @Test
        void a_report_of_all_checks_lists_them_in_order_of_registration() throws Exception {
            registry.register("orders-db", CheckResult::up);
            registry.register("alive", CheckResult::up, o -> o.probes(Probe.LIVENESS));
            registry.register("cache", () -> CheckResult.down("gone").withReason("unreachable"), o -> o.optional());
            startUsual();

            HttpResponse<String> response = get("/health");

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(steady(response.body()))
                    .isEqualTo("{\"status\":\"DEGRADED\",\"timestamp\":\"" + NOW + "\",\"durationMs\":0.0,\"checks\":{"
                            + "\"orders-db\":{\"status\":\"UP\",\"required\":true," + TIMES + "},"
                            + "\"alive\":{\"status\":\"UP\",\"required\":true," + TIMES + "},"
                            + "\"cache\":{\"status\":\"DOWN\",\"required\":false,\"reason\":\"unreachable\"," + TIMES
                            + ",\"consecutiveFailures\":1,\"ref\":\"REF\"}}}");
            assertThat(steady(get("/health/").body())).isEqualTo(steady(response.body()));
        }

        @ParameterizedTest
        @CsvSource({
            "/health/live, live",
            "/livez, live",
            "/health/liveness, live",
            "/health/readiness, ready",
            "/health/started, startup",
            "/health/ready, ready",
            "/readyz, ready",
            "/health/startup, startup",
            "/startupz, startup"
        })
        void a_probe_has_paths_of_its_own(String path, String word) throws Exception {
            registry.register("live-check", CheckResult::up, o -> o.probes(Probe.LIVENESS));
            registry.register("ready-check", CheckResult::up, o -> o.probes(Probe.READINESS));
            registry.register("startup-check", CheckResult::up, o -> o.probes(Probe.STARTUP));
            startUsual();

            HttpResponse<String> response = get(path);

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(steady(response.body()))
                    .isEqualTo("{\"status\":\"UP\",\"probe\":\"" + word + "\",\"timestamp\":\"" + NOW
                            + "\",\"durationMs\":0.0,\"checks\":{\"" + word
                            + "-check\":{\"status\":\"UP\",\"required\":true," + TIMES + "}}}");
        }

        @Test
        void healthz_is_the_report_of_all_checks() throws Exception {
            registry.register("alive", CheckResult::up, o -> o.probes(Probe.LIVENESS));
            startUsual();

            assertThat(steady(get("/healthz").body()))
                    .isEqualTo(steady(get("/health").body()))
                    .contains("alive")
                    .doesNotContain("\"probe\"");
        }

        @Test
        void nothing_registered_is_up() throws Exception {
            startUsual();

            HttpResponse<String> response = get("/health");

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(steady(response.body()))
                    .isEqualTo("{\"status\":\"UP\",\"timestamp\":\"" + NOW + "\",\"durationMs\":0.0,\"checks\":{}}");
        }

        @Test
        void a_check_has_a_path_of_its_own_with_its_history() throws Exception {
            AtomicReference<CheckResult> result = new AtomicReference<>(CheckResult.up());
            var registration = registry.register("orders-db", result::get);
            registration.runNow();
            result.set(CheckResult.down("gone").withReason("unreachable"));
            registration.runNow();
            startUsual();

            HttpResponse<String> response = get("/health/orders-db");

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(steady(response.body()))
                    .isEqualTo(
                            "{\"name\":\"orders-db\",\"status\":\"DOWN\",\"required\":true,\"reason\":\"unreachable\","
                                    + TIMES + ",\"consecutiveFailures\":1,\"ref\":\"REF\",\"runs\":["
                                    + "{\"at\":\"" + NOW + "\",\"status\":\"UP\",\"durationMs\":0.0},"
                                    + "{\"at\":\"" + NOW + "\",\"status\":\"DOWN\",\"durationMs\":0.0}],\"changes\":["
                                    + "{\"at\":\"" + NOW + "\",\"to\":\"UP\"},"
                                    + "{\"at\":\"" + NOW
                                    + "\",\"from\":\"UP\",\"to\":\"DOWN\",\"reason\":\"unreachable\","
                                    + "\"ref\":\"REF\"}]}");
        }

        @Test
        void the_path_of_a_check_is_503_when_it_is_down_though_it_be_optional() throws Exception {
            registry.register("cache", () -> CheckResult.down("gone"), o -> o.optional());
            startUsual();

            assertThat(get("/health/cache").statusCode()).isEqualTo(503);
            assertThat(get("/health/ready").statusCode()).isEqualTo(200);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "/health/nosuch",
                    "/health/Live",
                    "/health/livez",
                    "/health/orders-db/",
                    "/health/orders-db/runs",
                    "/health/ready/",
                    "/health/ready/orders-db",
                    "/health/a%20b",
                    "/health/%E2%80%A8"
                })
        void what_is_not_there_is_404_in_json(String path) throws Exception {
            registry.register("orders-db", CheckResult::up);
            startUsual();

            HttpResponse<String> response = get(path);

            assertThat(response.statusCode()).isEqualTo(404);
            assertUsualHeaders(response);
            assertThat(response.body()).isEqualTo("{\"problem\":\"no such check\"}");
        }

        @Test
        void a_name_may_be_percent_encoded() throws Exception {
            registry.register("orders-db", CheckResult::up);
            startUsual();

            assertThat(get("/health/orders%2Ddb").statusCode()).isEqualTo(200);
            assertThat(get("/health/%72eady").statusCode()).isEqualTo(200);
        }

        @Test
        void a_session_in_the_path_is_no_part_of_it() throws Exception {
            registry.register("orders-db", () -> CheckResult.down("gone"));
            startUsual();

            assertThat(raw("GET", "/health/ready;jsessionid=1")).startsWith("HTTP/1.1 503");
            assertThat(raw("GET", "/health;jsessionid=1")).startsWith("HTTP/1.1 503");
            assertThat(raw("GET", "/livez;jsessionid=1")).startsWith("HTTP/1.1 200");
            assertThat(raw("GET", "/health/orders-db;a=b")).startsWith("HTTP/1.1 503");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "/health//",
                    "/health//ready",
                    "//health/ready",
                    "/health/../health/ready",
                    "/health/..",
                    "/health/.",
                    "/health/./ready",
                    "/health/%2e%2e",
                    "/health/%2E%2E/x",
                    "/health/a%2Fb",
                    "/health/a%5Cb",
                    "/health/%00",
                    "/health/%",
                    "/health/%zz",
                    "/health/%ff%fe",
                    "/health/%ED%A0%80",
                    "/health/;",
                    "/health/;/ready",
                    "/health/..;/ready",
                    "/health?ready",
                    "/health/ready/%2e%2e/x"
                })
        void an_odd_path_is_no_error_of_the_server(String path) throws Exception {
            registry.register("orders-db", CheckResult::up);
            startUsual();

            assertThat(raw("GET", path)).containsPattern("^HTTP/1.1 (200|400|404|302)");
        }

        @Test
        void a_long_name_is_404() throws Exception {
            startUsual();

            assertThat(raw("GET", "/health/" + "x".repeat(4000))).startsWith("HTTP/1.1 404");
        }

        @Test
        void any_prefix_will_do() throws Exception {
            registry.register("orders-db", CheckResult::up);
            container.mount(HealthServlet.of(registry), true, "/internal/status/*", "/internal/livez");
            port = container.start();

            assertThat(get("/internal/status").statusCode()).isEqualTo(200);
            assertThat(json(get("/internal/status/ready")).get("probe").textValue())
                    .isEqualTo("ready");
            assertThat(json(get("/internal/livez")).get("probe").textValue()).isEqualTo("live");
            assertThat(get("/internal/status/nosuch").statusCode()).isEqualTo(404);
        }

        @Test
        void as_the_default_servlet_it_is_mounted_at_the_root() throws Exception {
            registry.register("orders-db", () -> CheckResult.down("gone"), o -> o.optional());
            container.mount(HealthServlet.of(registry), true, "/");
            port = container.start();

            assertThat(get("/").statusCode()).isEqualTo(200);
            assertThat(json(get("/ready")).get("probe").textValue()).isEqualTo("ready");
            assertThat(get("/orders-db").statusCode()).isEqualTo(503);
            assertThat(get("/health/ready").statusCode()).isEqualTo(404);
        }

        @Test
        void a_query_changes_nothing() throws Exception {
            registry.register("cache", () -> CheckResult.down(SECRET), o -> o.optional());
            startUsual();

            HttpResponse<String> plain = get("/health/ready");
            HttpResponse<String> asked = get("/health/ready?details=true&verbose=1&full=1&exclude=cache&format=text");

            assertThat(asked.statusCode()).isEqualTo(plain.statusCode());
            assertThat(steady(asked.body())).isEqualTo(steady(plain.body()));
        }
    }

    @Nested
    class Forms {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "*/*                             | application/json",
                    "application/json                | application/json",
                    "application/health+json         | application/health+json",
                    "text/plain                      | text/plain",
                    "application/json;q=0.5,text/*   | text/plain",
                    "text/html,*/*;q=0.8             | text/html",
                    "image/png                       | application/json",
                    "one;two/,,;q=                   | application/json",
                })
        void what_a_request_accepts_it_gets_and_json_otherwise(String accept, String type) throws Exception {
            registry.register("orders-db", CheckResult::up);
            startUsual();

            for (String path : List.of("/health", "/readyz", "/health/orders-db", "/health/nosuch")) {
                HttpResponse<String> response = get(path, "Accept", accept);
                assertThat(response.headers().firstValue("Content-Type").orElseThrow())
                        .startsWith(type);
                assertThat(response.headers().allValues("Vary")).containsExactly("Accept");
                assertThat(response.body()).contains(path.equals("/health/nosuch") ? "no such check" : "orders-db");
            }
        }

        @Test
        void several_accept_headers_are_one() throws Exception {
            startUsual();

            assertThat(get("/health", "Accept", "image/png", "Accept", "text/plain")
                            .body())
                    .isEqualTo("health check passed\n");
        }

        @Test
        void what_is_waited_for_comes_in_the_form_that_was_asked_for() throws Exception {
            registry.register("slow", waitsForGate(), o -> o.timeout(ofSeconds(15)));
            startUsual();
            HttpRequest plain =
                    request("GET", "/readyz").header("Accept", "text/plain").build();
            CompletableFuture<HttpResponse<String>> answer = client.sendAsync(plain, BodyHandlers.ofString());
            await().until(() -> atGate.get() == 1);

            gate.countDown();

            assertThat(answer.get(10, TimeUnit.SECONDS).body()).isEqualTo("[+]slow ok\nready check passed\n");
        }

        @Test
        void the_json_may_be_in_another_form() throws Exception {
            registry.register("orders-db", () -> CheckResult.down("gone"));
            start(HealthServlet.builder(registry)
                    .format(HealthFormat.springBoot())
                    .build());

            assertThat(get("/health/readiness").statusCode()).isEqualTo(503);
            assertThat(json(get("/health/readiness"))
                            .at("/components/orders-db/status")
                            .textValue())
                    .isEqualTo("DOWN");
        }
    }

    @Nested
    class Status_page {
        private static final String BROWSER =
                "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

        @Test
        void a_browser_gets_a_page_that_may_do_nothing_but_what_is_in_it() throws Exception {
            registry.register("orders-db", () -> CheckResult.down(SECRET));
            startUsual();

            HttpResponse<String> response = page("/health/ready");

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.headers().firstValue("Content-Type").orElseThrow())
                    .matches("text/html; ?charset=(?i:utf-8)");
            assertThat(response.headers().allValues("Cache-Control")).containsExactly("no-store");
            assertThat(response.headers().allValues("Vary")).containsExactly("Accept");
            assertThat(response.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
            assertThat(response.headers().allValues("Referrer-Policy")).containsExactly("no-referrer");
            assertThat(response.headers().allValues("Content-Security-Policy"))
                    .singleElement()
                    .asString()
                    .matches(
                            "default-src 'none'; style-src 'sha256-\\S+'; script-src 'sha256-\\S+'; connect-src 'self'; .*");
            assertThat(response.headers().allValues("Content-Length"))
                    .containsExactly(String.valueOf(response.body().getBytes(UTF_8).length));
            assertThat(response.body()).contains("orders-db").doesNotContain("hunter2");
        }

        @Test
        void only_the_page_has_a_policy() throws Exception {
            startUsual();

            assertThat(get("/health").headers().map()).doesNotContainKeys("Content-Security-Policy", "Referrer-Policy");
        }

        @Test
        void what_a_page_waits_for_comes_as_a_page_with_its_headers() throws Exception {
            registry.register("slow", waitsForGate(), o -> o.timeout(ofSeconds(15)));
            startUsual();
            HttpRequest browser =
                    request("GET", "/readyz").header("Accept", BROWSER).build();
            CompletableFuture<HttpResponse<String>> answer = client.sendAsync(browser, BodyHandlers.ofString());
            await().until(() -> atGate.get() == 1);

            gate.countDown();

            HttpResponse<String> page = answer.get(10, TimeUnit.SECONDS);
            assertThat(page.headers().map()).containsKey("Content-Security-Policy");
            assertThat(hrefs(page)).contains("/health/slow");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "/health",
                    "/health/",
                    "/health/live",
                    "/health/orders-db",
                    "/health/nosuch",
                    "/health/a/b",
                    "/healthz",
                    "/livez",
                    "/health;jsessionid=1"
                })
        void its_links_lead_to_reports_and_checks_wherever_it_is(String path) throws Exception {
            registry.register("orders-db", CheckResult::up);
            startUsual();

            HttpResponse<String> page = page(path);

            assertThat(hrefs(page)).contains("/health/", "/health/ready", "/health/live", "/health/startup");
            if (!path.contains("live") && !path.contains("nosuch") && !path.contains("/a/b")) {
                assertThat(hrefs(page)).contains("/health/orders-db");
            }
            for (String href : hrefs(page)) {
                assertThat(page(href).statusCode()).as(href).isEqualTo(200);
            }
        }

        @Test
        void its_links_are_right_at_any_prefix() throws Exception {
            container.mount(HealthServlet.of(registry), true, "/internal/status/*", "/internal/livez", "/livez");
            container.mount(HealthServlet.of(registry), true, "/lonely");
            port = container.start();

            assertThat(hrefs(page("/internal/status"))).contains("/internal/status/ready");
            assertThat(hrefs(page("/internal/status/ready"))).contains("/internal/status/live");
            assertThat(hrefs(page("/internal/livez"))).contains("/internal/status/ready");
            assertThat(hrefs(page("/livez"))).contains("/internal/status/ready");
            assertThat(hrefs(page("/lonely"))).isEmpty();
        }

        @Test
        void its_links_are_right_at_the_root() throws Exception {
            registry.register("orders-db", CheckResult::up);
            container.mount(HealthServlet.of(registry), true, "/");
            port = container.start();

            assertThat(hrefs(page("/"))).contains("/", "/ready", "/orders-db");
            assertThat(hrefs(page("/ready"))).contains("/", "/live", "/orders-db");
        }

        @Test
        void a_page_of_one_s_own_takes_its_place() throws Exception {
            HealthFormat own = new EmptyFormat("text/html");
            start(HealthServlet.builder(registry).format(own).build());

            assertThat(page("/health").body()).isEmpty();
        }

        private HttpResponse<String> page(String path) throws Exception {
            return get(path, "Accept", BROWSER);
        }

        private List<String> hrefs(HttpResponse<String> page) {
            return Jsoup.parse(page.body()).select("a").eachAttr("href").stream()
                    .map(href -> page.uri().resolve(href).getPath())
                    .toList();
        }
    }

    @Nested
    class Methods_and_headers {
        @ParameterizedTest
        @CsvSource({"/health/ready, 200", "/health/down, 503", "/health/nosuch, 404", "/health/a/b, 404"})
        void an_answer_is_not_to_be_cached_and_says_what_it_is(String path, int status) throws Exception {
            registry.register("down", () -> CheckResult.down("gone"), o -> o.optional());
            startUsual();

            HttpResponse<String> response = get(path);

            assertThat(response.statusCode()).isEqualTo(status);
            assertUsualHeaders(response);
        }

        @ParameterizedTest
        @ValueSource(strings = {"/health", "/health/ready", "/health/down", "/health/nosuch", "/health/a/b"})
        void head_is_get_without_a_body(String path) throws Exception {
            registry.register("down", () -> CheckResult.down("gone"), o -> o.optional());
            startUsual();
            get(path); // once, since the durations of the first run are those of all

            String[] got = raw("GET", path).split("\r\n\r\n", 2);
            String[] head = raw("HEAD", path).split("\r\n\r\n", 2);

            assertThat(headersBut(head[0], "Date", "Content-Length"))
                    .isEqualTo(headersBut(got[0], "Date", "Content-Length"));
            assertThat(head[0]).containsPattern("Content-Length: [1-9]");
            assertThat(Math.abs(contentLength(head[0]) - contentLength(got[0])))
                    .as("but for the digits of the report's own duration")
                    .isLessThan(4);
            assertThat(contentLength(got[0])).isEqualTo(got[1].getBytes(UTF_8).length);
            assertThat(head[1]).isEmpty();
        }

        @Test
        void head_waits_for_its_answer_too() throws Exception {
            registry.register("slow", waitsForGate());
            startUsual();

            CompletableFuture<HttpResponse<String>> head = send("HEAD", "/health/slow");
            await().until(() -> atGate.get() == 1);
            gate.countDown();

            HttpResponse<String> response = head.get(10, TimeUnit.SECONDS);
            assertThat(response.statusCode()).isEqualTo(200);
            assertUsualHeadersButLength(response);
            assertThat(response.headers().firstValueAsLong("Content-Length").orElse(0))
                    .isGreaterThan(100);
            assertThat(response.body()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "get", "PROPFIND"})
        void other_methods_are_405(String method) throws Exception {
            AtomicInteger runs = new AtomicInteger();
            registry.register("counts", () -> {
                runs.incrementAndGet();
                return CheckResult.up();
            });
            startUsual();

            for (String path : List.of("/health", "/health/ready", "/health/counts", "/health/nosuch", "/livez")) {
                String response = raw(method, path);
                assertThat(response).startsWith("HTTP/1.1 405").contains("Allow: GET, HEAD\r\n");
                assertThat(response)
                        .contains("Cache-Control: no-store\r\n")
                        .contains("X-Content-Type-Options: nosniff\r\n")
                        .endsWith("{\"problem\":\"only GET and HEAD\"}");
            }
            assertThat(runs).hasValue(0);
        }

        @Test
        void what_a_filter_says_of_vary_stays() throws Exception {
            container.filter(
                    (request, response, chain) -> {
                        ((HttpServletResponse) response).setHeader("Vary", "Origin");
                        chain.doFilter(request, response);
                    },
                    DispatcherType.REQUEST);
            startUsual();

            assertThat(get("/health").headers().allValues("Vary")).containsExactly("Origin", "Accept");
        }
    }

    @Nested
    class Verdicts {
        @ParameterizedTest
        @CsvSource({"UP, 200", "DEGRADED, 200", "DOWN, 503"})
        void only_down_is_503(Status status, int code) throws Exception {
            registry.register("some", () -> switch (status) {
                case UP -> CheckResult.up();
                case DEGRADED -> CheckResult.degraded("limps");
                case DOWN -> CheckResult.down("gone");
            });
            startUsual();

            for (String path : List.of("/health", "/health/ready", "/health/some", "/readyz", "/healthz")) {
                HttpResponse<String> response = get(path);
                assertThat(response.statusCode()).isEqualTo(code);
                assertThat(json(response).get("status").textValue()).isEqualTo(status.name());
            }
            assertThat(get("/health/live").statusCode()).isEqualTo(200);
        }

        @Test
        void draining_is_said_but_of_the_process_being_alive() throws Exception {
            registry.register("orders-db", CheckResult::up);
            startUsual();

            registry.drain();

            for (String path : List.of("/health", "/health/ready", "/readyz", "/healthz")) {
                HttpResponse<String> response = get(path);
                assertThat(response.statusCode()).isEqualTo(503);
                assertThat(response.body()).startsWith("{\"status\":\"DOWN\",\"reason\":\"draining\",\"");
            }
            assertThat(get("/health/live").statusCode()).isEqualTo(200);
            assertThat(get("/health/startup").statusCode()).isEqualTo(200);
            assertThat(get("/health/orders-db").statusCode()).isEqualTo(200);
            assertThat(get("/health/live").body()).doesNotContain("draining");
        }

        @Test
        void a_closed_registry_is_no_dead_process() throws Exception {
            registry.register("orders-db", CheckResult::up);
            registry.register("alive", CheckResult::up, o -> o.probes(Probe.LIVENESS));
            startUsual();
            get("/health");

            registry.close();

            HttpResponse<String> ready = get("/health/ready");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(steady(ready.body()))
                    .startsWith("{\"status\":\"DOWN\",\"reason\":\"closed\",\"probe\":\"ready\",\"timestamp\":");
            assertThat(json(get("/health")).get("reason").textValue()).isEqualTo("closed");
            assertThat(get("/health/live").statusCode()).isEqualTo(200);
        }

        @Test
        void starting_is_said_until_it_has_started() throws Exception {
            AtomicReference<CheckResult> migrations = new AtomicReference<>(CheckResult.down("pending"));
            var registration = registry.register("migrations", migrations::get, o -> o.probes(Probe.STARTUP));
            registry.register("orders-db", CheckResult::up);
            startUsual();

            assertThat(get("/health/startup").statusCode()).isEqualTo(503);
            HttpResponse<String> ready = get("/health/ready");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(json(ready).get("reason").textValue()).isEqualTo("starting");
            assertThat(json(get("/health")).get("reason").textValue()).isEqualTo("starting");

            migrations.set(CheckResult.up());
            registration.runNow();

            assertThat(get("/health/startup").statusCode()).isEqualTo(200);
            assertThat(get("/health/ready").statusCode()).isEqualTo(200);
            assertThat(json(get("/health/ready")).has("reason")).isFalse();
        }

        @Test
        void a_check_that_has_not_been_run_has_no_dates() throws Exception {
            registry.register(
                    "slow", waitsForGate(), o -> o.every(ofSeconds(60)).timeout(ofSeconds(50)));
            registry.close();
            startUsual();

            assertThat(json(get("/health/slow")))
                    .isEqualTo(json("{\"name\":\"slow\",\"status\":\"DOWN\",\"required\":true,\"reason\":\"pending\","
                            + "\"durationMs\":0.0,\"runs\":[],\"changes\":[]}"));
        }

        @Test
        void a_stuck_check_says_for_how_long() throws Exception {
            registry.register("hangs", hangs(), o -> o.timeout(ofMillis(50)));
            start(HealthServlet.of(registry));
            assertThat(json(get("/health/hangs")).get("reason").textValue()).isEqualTo("timeout");

            HttpResponse<String> response = get("/health/ready");

            JsonNode check = json(response).at("/checks/hangs");
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(names(check))
                    .containsExactly(
                            "status",
                            "required",
                            "reason",
                            "durationMs",
                            "checkedAt",
                            "since",
                            "consecutiveFailures",
                            "ref",
                            "runningForMs");
            assertThat(check.get("reason").textValue()).isEqualTo("stuck");
            assertThat(check.get("runningForMs").doubleValue()).isBetween(50.0, 60_000.0);
            assertThat(names(json(get("/health/hangs"))))
                    .contains("runningForMs")
                    .doesNotContain("stack", "message");
        }

        @Test
        void the_service_is_shown_if_it_was_given() throws Exception {
            start(HealthServlet.builder(registry)
                    .service("orders", "1.4.2")
                    .info("commit", "4f2\"a\u2028<script>")
                    .build());

            for (String path : List.of("/health", "/health/live")) {
                JsonNode report = json(get(path));
                assertThat(report.get("service"))
                        .isEqualTo(json("{\"name\":\"orders\",\"version\":\"1.4.2\","
                                + "\"commit\":\"4f2\\\"a\u2028<script>\"}"));
            }
            assertThat(steady(get("/health").body()))
                    .startsWith("{\"status\":\"UP\",\"timestamp\":\"" + NOW
                            + "\",\"durationMs\":0.0,\"service\":{\"name\":\"orders\",");
        }
    }

    @Nested
    class Details {
        @Test
        void what_is_private_is_shown_to_nobody_if_not_said() throws Exception {
            registerSecrets();
            startUsual();

            for (String path : secretPaths()) {
                HttpResponse<String> response = get(path);
                assertThat(response.body())
                        .contains("\"reason\":\"auth\"")
                        .doesNotContain("hunter2", "message", "details", "error", "lastSuccess", "Exception");
                assertThat(response.headers().map().toString()).doesNotContain("hunter2");
            }
        }

        @Test
        void what_is_private_is_shown_to_those_who_may_see_it() throws Exception {
            registerSecrets();
            start(HealthServlet.builder(registry)
                    .showDetailsTo(request -> "yes".equals(request.getHeader("X-Operator")))
                    .build());

            for (String path : secretPaths()) {
                assertThat(get(path).body()).doesNotContain("hunter2");
                HttpResponse<String> response = get(path, "X-Operator", "yes");
                assertUsualHeaders(response);
                JsonNode check = path.endsWith("orders-db")
                        ? json(response)
                        : json(response).at("/checks/orders-db");
                assertThat(names(check))
                        .startsWith("status".equals(names(check).get(0)) ? "status" : "name")
                        .containsSubsequence(
                                "consecutiveFailures", "ref", "message", "details", "error", "lastSuccess");
                assertThat(check.get("message").textValue()).isEqualTo("no answer from " + SECRET);
                assertThat(check.get("details"))
                        .isEqualTo(json("{\"url\":\"" + SECRET + "\",\"active\":10,\"ratio\":0.5,\"nothing\":null,"
                                + "\"open\":true,\"hosts\":[\"a\",{\"port\":5432}]}"));
                assertThat(check.get("error").textValue())
                        .isEqualTo("java.lang.IllegalStateException: " + SECRET
                                + ", caused by java.io.IOException: reset");
                assertThat(check.get("lastSuccess").textValue()).isEqualTo(NOW);
            }
            JsonNode changes =
                    json(get("/health/orders-db", "X-Operator", "yes")).get("changes");
            assertThat(names(changes.get(0))).containsExactly("at", "to");
            assertThat(names(changes.get(1))).containsExactly("at", "from", "to", "reason", "ref", "message", "error");
            assertThat(json(get("/health/orders-db")).get("changes").toString()).doesNotContain("hunter2", "message");
        }

        @Test
        void the_private_view_is_the_public_one_and_more() throws Exception {
            registerSecrets();
            start(HealthServlet.builder(registry)
                    .service("orders", "1")
                    .showDetailsTo(request -> request.getHeader("X-Operator") != null)
                    .build());
            JsonNode all = json(steady(get("/health", "X-Operator", "yes").body()));

            ((ObjectNode) all.at("/checks/orders-db")).remove(List.of("message", "details", "error", "lastSuccess"));

            assertThat(all).isEqualTo(json(steady(get("/health").body())));
        }

        @Test
        void the_stack_of_a_stuck_check_is_private() throws Exception {
            registry.register("hangs", hangs(), o -> o.timeout(ofMillis(50)));
            start(showingAll());
            get("/health/hangs");

            for (String path : List.of("/health/ready", "/health/hangs")) {
                JsonNode answer = json(get(path));
                JsonNode check = answer.has("checks") ? answer.at("/checks/hangs") : answer;
                assertThat(check.get("reason").textValue()).isEqualTo("stuck");
                assertThat(check.get("stack").isArray()).isTrue();
                assertThat(check.get("stack").toString()).contains(HealthServletContract.class.getName());
            }
        }

        @Test
        void who_may_see_is_not_everybody_when_the_predicate_throws() throws Exception {
            registerSecrets();
            start(HealthServlet.builder(registry)
                    .showDetailsTo(request -> {
                        throw new NoClassDefFoundError("some");
                    })
                    .build());

            try (LogCapture log = new LogCapture()) {
                for (String path : secretPaths()) {
                    HttpResponse<String> response = get(path);
                    assertThat(response.statusCode()).isIn(200, 503);
                    assertThat(response.body()).contains("\"reason\":\"auth\"").doesNotContain("hunter2");
                }
                assertThat(log.lines()).hasSize(1).first().asString().startsWith("WARN showDetailsTo has thrown");
            }
        }

        @Test
        void hostile_texts_are_encoded() throws Exception {
            String hostile = "\"}],<script>alert(1)</script>\u2028\u2029\u0000\u001f\u007f\r\n\\ \ud83d\ude00 é";
            String halves = "a\ud83d b\ude00 \ude00\ud83d";
            registry.register("evil", () -> CheckResult.down(hostile)
                    .withDetail(hostile, hostile)
                    .withDetail(halves, halves)
                    .withDetail("nan", Double.NaN)
                    .withDetail("big", new BigDecimal("1E+400"))
                    .withDetail("map", Map.of(hostile, List.of(halves)))
                    .withCause(new IOException(hostile + halves)));
            start(showingAll());

            for (String path : List.of("/health", "/health/evil")) {
                byte[] body = client.send(request("GET", path).build(), BodyHandlers.ofByteArray())
                        .body();
                JsonNode answer = JSON.readTree(
                        UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString());
                JsonNode check = answer.has("checks") ? answer.at("/checks/evil") : answer;
                assertThat(check.get("message").textValue()).isEqualTo(hostile);
                assertThat(check.get("details").get(hostile).textValue()).isEqualTo(hostile);
                assertThat(check.get("details").get("a? b? ??").textValue()).isEqualTo("a? b? ??");
                assertThat(check.get("details").get("nan").textValue()).isEqualTo("NaN");
                assertThat(check.get("details").get("big").decimalValue()).isEqualTo(new BigDecimal("1E+400"));
                assertThat(check.get("details").get("map").get(hostile).get(0).textValue())
                        .isEqualTo("a? b? ??");
                assertThat(check.get("error").textValue()).contains(hostile).endsWith("a? b? ??");
            }
        }

        @Test
        void a_check_that_tells_too_much_is_cut_short() throws Exception {
            HealthCheck talks = () -> {
                CheckResult result = CheckResult.down("x".repeat(1_000_000)).withReason("talks");
                for (int i = 0; i < 200; i++) {
                    String[] much = new String[200];
                    Arrays.fill(much, "\u0001".repeat(2000));
                    result = result.withDetail("detail" + i, much);
                }
                return result.withCause(new IOException("y".repeat(1_000_000)));
            };
            registry.register("talks", talks, o -> o.timeout(ofSeconds(15)));
            start(showingAll());

            HttpResponse<String> response = get("/health/talks");

            assertThat(response.body().length()).isLessThan(150_000);
            JsonNode details = json(response).get("details");
            assertThat(details.get("…").textValue()).isEqualTo("…");
            assertThat(details.get("detail0").get(19).textValue()).hasSize(1000);
            assertThat(details.get("detail0").get(20).textValue()).isEqualTo("…");
        }

        private void registerSecrets() {
            AtomicReference<CheckResult> result = new AtomicReference<>(CheckResult.up());
            var registration = registry.register("orders-db", result::get, o -> o.cacheFor(ofSeconds(60)));
            registration.runNow();
            result.set(CheckResult.down("no answer from " + SECRET)
                    .withReason("auth")
                    .withDetail("url", SECRET)
                    .withDetail("active", 10)
                    .withDetail("ratio", 0.5)
                    .withDetail("nothing", null)
                    .withDetail("open", true)
                    .withDetail("hosts", List.of("a", Map.of("port", 5432L)))
                    .withCause(new IllegalStateException(SECRET, new IOException("reset"))));
            registration.runNow();
        }

        private List<String> secretPaths() {
            return List.of("/health", "/health/ready", "/health/orders-db", "/readyz");
        }

        private HealthServlet showingAll() {
            return HealthServlet.builder(registry)
                    .showDetailsTo(request -> true)
                    .build();
        }
    }

    @Nested
    class Waiting_for_checks {
        @Test
        void requests_that_wait_hold_no_thread() throws Exception {
            registry.register("slow", waitsForGate(), o -> o.timeout(ofSeconds(15)));
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
            long[] micros = new long[100];
            for (int i = 0; i < micros.length; i++) {
                long start = System.nanoTime();
                assertThat(get("/hello").body()).isEqualTo("hello");
                micros[i] = (System.nanoTime() - start) / 1000;
            }
            Arrays.sort(micros);
            assertThat(micros[micros.length / 2]).as("median, in us").isLessThan(50_000);
            assertThat(waiting).noneMatch(CompletableFuture::isDone);
            gate.countDown();

            for (int i = 0; i < CLIENTS; i++) {
                HttpResponse<String> response = waiting.get(i).get(10, TimeUnit.SECONDS);
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
            registry.register(
                    "slow", waitsForGate(), o -> o.timeout(ofSeconds(15)).cacheFor(Duration.ZERO));
            container.mount(HealthServlet.of(registry), false, "/health/*");
            port = container.start();

            try (LogCapture log = new LogCapture()) {
                CompletableFuture<HttpResponse<String>> report = send("GET", "/health/ready");
                CompletableFuture<HttpResponse<String>> check = send("GET", "/health/slow");
                await().until(() -> atGate.get() == 1 && log.lines().size() == 1);
                gate.countDown();

                assertThat(json(report.get(10, TimeUnit.SECONDS)).get("status").textValue())
                        .isEqualTo("UP");
                assertThat(json(check.get(10, TimeUnit.SECONDS)).get("name").textValue())
                        .isEqualTo("slow");
                get("/health");
                assertThat(log.lines()).hasSize(1).first().asString().startsWith("WARN Requests wait for checks on");
            }
        }

        @Test
        void a_registry_that_does_not_answer_is_pending() throws Exception {
            registry.register("slow", waitsForGate(), o -> o.timeout(ofSeconds(15)));
            start(HealthServlet.builder(registry)
                    .service("orders", "1")
                    .giveUpAfter(ofMillis(300))
                    .build());

            HttpResponse<String> ready = get("/health/ready");
            HttpResponse<String> check = get("/health/slow");

            assertThat(ready.statusCode()).isEqualTo(503);
            assertUsualHeaders(ready);
            assertThat(ready.body()).isEqualTo("{\"status\":\"DOWN\",\"reason\":\"pending\"}");
            assertThat(check.statusCode()).isEqualTo(503);
            assertUsualHeaders(check);
            assertThat(check.body()).isEqualTo("{\"status\":\"DOWN\",\"reason\":\"pending\"}");
            gate.countDown();
            await().until(() -> get("/health/ready").statusCode() == 200);
        }

        @Test
        void a_registry_that_does_not_answer_does_not_kill() throws Exception {
            registry.register(
                    "slow", waitsForGate(), o -> o.timeout(ofSeconds(15)).probes(Probe.LIVENESS));
            start(HealthServlet.builder(registry).giveUpAfter(ofMillis(300)).build());

            HttpResponse<String> live = get("/health/live");

            assertThat(live.statusCode()).isEqualTo(200);
            assertThat(live.body()).isEqualTo("{\"status\":\"UP\",\"reason\":\"pending\"}");
        }

        @Test
        void a_registry_closed_meanwhile_answers() throws Exception {
            registry.register("slow", waitsForGate(), o -> o.timeout(ofSeconds(15)));
            startUsual();
            CompletableFuture<HttpResponse<String>> ready = send("GET", "/health/ready");
            await().until(() -> atGate.get() == 1);

            registry.close();

            HttpResponse<String> response = ready.get(5, TimeUnit.SECONDS);
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(json(response).get("reason").textValue()).isEqualTo("closed");
        }

        @Test
        void an_answer_that_comes_as_the_patience_ends_is_one_answer() throws Exception {
            registry.register("slow", waitsForGate(), o -> o.timeout(ofSeconds(15)));
            start(HealthServlet.builder(registry).giveUpAfter(ofMillis(400)).build());

            try (LogCapture log = new LogCapture()) {
                List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    waiting.add(send("GET", "/health/ready"));
                    Thread.sleep(3);
                }
                CompletableFuture.anyOf(waiting.toArray(CompletableFuture[]::new))
                        .get(10, TimeUnit.SECONDS);
                gate.countDown();

                for (CompletableFuture<HttpResponse<String>> one : waiting) {
                    HttpResponse<String> response = one.get(10, TimeUnit.SECONDS);
                    assertUsualHeaders(response);
                    assertThat(json(response).path("reason").asText())
                            .isEqualTo(response.statusCode() == 200 ? "" : "pending");
                }
                assertThat(log.lines()).isEmpty();
            }
        }

        @Test
        void an_answer_is_written_on_a_thread_of_the_container() throws Exception {
            registry.register("slow", waitsForGate(), o -> o.timeout(ofSeconds(15)));
            List<String> threads = new CopyOnWriteArrayList<>();
            container.filter(
                    (request, response, chain) -> {
                        threads.add(Thread.currentThread().getName());
                        chain.doFilter(request, response);
                    },
                    DispatcherType.ASYNC);
            startUsual();

            CompletableFuture<HttpResponse<String>> ready = send("GET", "/health/ready");
            await().until(() -> atGate.get() == 1);
            gate.countDown();

            assertThat(ready.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            assertThat(threads).hasSize(1).first().asString().containsPattern("^(qtp|http-nio|XNIO)");
        }

        @Test
        void a_client_that_hangs_up_disturbs_nobody() throws Exception {
            registry.register(
                    "slow", waitsForGate(), o -> o.timeout(ofSeconds(15)).cacheFor(Duration.ZERO));
            AtomicInteger arrived = countArrivals();
            startUsual();

            try (LogCapture log = new LogCapture()) {
                for (int i = 1; i <= 50; i++) {
                    int before = i;
                    try (Socket socket = connect("GET", "/health/ready")) {
                        socket.setSoLinger(i % 2 == 0, 0); // half of them with a reset
                        await().pollInterval(ofMillis(2)).until(() -> arrived.get() == before);
                    }
                }
                CompletableFuture<HttpResponse<String>> patient = send("GET", "/health/ready");
                gate.countDown();
                assertThat(patient.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
                for (int i = 0; i < 20; i++) {
                    assertThat(get("/health/ready").statusCode()).isEqualTo(200);
                }
                assertThat(log.lines()).isEmpty();
            }
        }

        @Test
        void what_filters_put_around_a_request_counts_though_it_is_called_back_without() throws Exception {
            registry.register("slow", () -> {
                waitsForGate().check();
                return CheckResult.degraded("limps on " + SECRET);
            });
            container.filter(asOperator(), DispatcherType.REQUEST);
            start(HealthServlet.builder(registry)
                    .showDetailsTo(this::isOperator)
                    .build());

            CompletableFuture<HttpResponse<String>> operator = send("GET", "/health/ready?operator");
            CompletableFuture<HttpResponse<String>> stranger = send("GET", "/health/ready");
            CompletableFuture<HttpResponse<String>> renamed = send("GET", "/renamed");
            await().until(() -> atGate.get() == 1);
            gate.countDown();

            assertThat(operator.get(10, TimeUnit.SECONDS).body()).contains("hunter2");
            assertThat(stranger.get(10, TimeUnit.SECONDS).body())
                    .contains("DEGRADED")
                    .doesNotContain("hunter2");
            assertThat(renamed.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(404);
        }

        @Test
        void a_request_may_be_forwarded_to_it() throws Exception {
            registry.register("slow", waitsForGate(), o -> o.cacheFor(Duration.ZERO));
            container.mount(forwardTo("/health/ready"), true, "/ping");
            startUsual();

            CompletableFuture<HttpResponse<String>> ping = send("GET", "/ping");
            await().until(() -> atGate.get() == 1);
            gate.countDown();

            HttpResponse<String> response = ping.get(10, TimeUnit.SECONDS);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(json(response).get("probe").textValue()).isEqualTo("ready");
            assertThat(atGate).hasValue(1);
        }

        /** Of requests that have been through the servlet, be it that they wait. */
        private AtomicInteger countArrivals() {
            AtomicInteger arrived = new AtomicInteger();
            container.filter(
                    (request, response, chain) -> {
                        chain.doFilter(request, response);
                        arrived.incrementAndGet();
                    },
                    DispatcherType.REQUEST);
            return arrived;
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

    @Nested
    class Setting_up {
        @Test
        void a_servlet_made_by_the_container_finds_the_registry_in_the_context() throws Exception {
            registry.register("orders-db", CheckResult::up);
            container.attribute(HealthServlet.REGISTRY, registry);
            container.mount(
                    HealthServlet.class,
                    Map.of(HealthServlet.SERVICE_NAME, "orders", HealthServlet.SERVICE_VERSION, "1.4.2"),
                    "/health/*");
            port = container.start();

            JsonNode report = json(get("/health/ready"));

            assertThat(report.get("status").textValue()).isEqualTo("UP");
            assertThat(report.get("service")).isEqualTo(json("{\"name\":\"orders\",\"version\":\"1.4.2\"}"));
            assertThat(names(report.get("checks"))).containsExactly("orders-db");
        }

        @Test
        void a_servlet_made_by_the_container_needs_no_parameters() throws Exception {
            container.attribute(HealthServlet.REGISTRY, registry);
            container.mount(HealthServlet.class, Map.of(), "/health/*");
            port = container.start();

            assertThat(json(get("/health/ready")).has("service")).isFalse();
        }

        @ParameterizedTest
        @CsvSource({"spring-boot, /components/orders-db/status", "microprofile, /checks/0/status"})
        void a_servlet_made_by_the_container_may_be_told_another_form(String form, String status) throws Exception {
            registry.register("orders-db", CheckResult::up);
            container.attribute(HealthServlet.REGISTRY, registry);
            container.mount(HealthServlet.class, Map.of(HealthServlet.FORMAT, form), "/health/*");
            port = container.start();

            assertThat(json(get("/health/ready")).at(status).textValue()).isEqualTo("UP");
        }

        @Test
        void a_form_that_there_is_not_is_said_at_initialisation() throws Exception {
            container.attribute(HealthServlet.REGISTRY, registry);

            assertThat(initialised(Map.of(HealthServlet.FORMAT, "spring")))
                    .isInstanceOf(ServletException.class)
                    .hasMessage("init parameter format: spring (expected: spring-boot or microprofile)");
        }

        @Test
        void a_missing_registry_is_said_at_initialisation() throws Exception {
            assertThat(initialised(Map.of()))
                    .isInstanceOf(ServletException.class)
                    .hasMessageStartingWith(
                            "servlet context attribute dev.healthcheck.registry: not set (expected: class"
                                    + " dev.healthcheck.HealthCheckRegistry of ")
                    .hasMessageEndingWith(", set before this servlet is initialised)");
        }

        @Test
        void a_registry_of_another_type_is_said_at_initialisation() throws Exception {
            container.attribute(HealthServlet.REGISTRY, "registry");

            assertThat(initialised(Map.of()))
                    .isInstanceOf(ServletException.class)
                    .hasMessageStartingWith("servlet context attribute dev.healthcheck.registry: of class"
                            + " java.lang.String of null (expected: class dev.healthcheck.HealthCheckRegistry of ");
        }

        @Test
        void the_registry_outlives_the_servlet() throws Exception {
            registry.register("orders-db", CheckResult::up);
            startUsual();
            get("/health");

            container.stop();

            assertThat(registry.check(Probe.READINESS).reason()).isNull();
            var unused = registry.register("another", CheckResult::up);
        }

        @Test
        void what_makes_no_sense_is_refused() {
            assertThatThrownBy(() -> HealthServlet.of(null))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("registry");
            HealthServlet.Builder builder = HealthServlet.builder(registry);
            assertThatThrownBy(() -> builder.service(null, "1")).hasMessage("name");
            assertThatThrownBy(() -> builder.service("orders", null)).hasMessage("version");
            assertThatThrownBy(() -> builder.info(null, "1")).hasMessage("key");
            assertThatThrownBy(() -> builder.info("commit", null)).hasMessage("value");
            assertThatThrownBy(() -> builder.showDetailsTo(null)).hasMessage("condition");
            assertThatThrownBy(() -> builder.format(null)).hasMessage("form");
            assertThatThrownBy(() -> builder.info("version", "1"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("key: \"version\" (expected: service(name, version) instead)");
        }

        /** What the initialisation of a servlet without a registry of its own throws. */
        private Throwable initialised(Map<String, String> parameters) throws Exception {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            container.mount(
                    new HttpServlet() {
                        @Override
                        public void init() {
                            try {
                                new HealthServlet().init(with(parameters, getServletContext()));
                            } catch (ServletException e) {
                                thrown.set(e);
                            }
                        }
                    },
                    false,
                    "/health/*");
            port = container.start();
            get("/health");
            return thrown.get();
        }

        private static ServletConfig with(Map<String, String> parameters, ServletContext context) {
            return new ServletConfig() {
                @Override
                public String getServletName() {
                    return "health";
                }

                @Override
                public ServletContext getServletContext() {
                    return context;
                }

                @Override
                public String getInitParameter(String name) {
                    return parameters.get(name);
                }

                @Override
                public Enumeration<String> getInitParameterNames() {
                    return Collections.enumeration(parameters.keySet());
                }
            };
        }
    }

    private final AtomicInteger atGate = new AtomicInteger();

    private HealthCheck waitsForGate() {
        return () -> {
            atGate.incrementAndGet();
            gate.await();
            return CheckResult.up();
        };
    }

    /** Until the gate opens, through interrupts. */
    private HealthCheck hangs() {
        return () -> {
            while (true) {
                try {
                    gate.await();
                    return CheckResult.up();
                } catch (InterruptedException e) {
                    // hangs on
                }
            }
        };
    }

    private static HttpServlet hello() {
        return new HttpServlet() {
            @Override
            protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                response.getWriter().print("hello");
            }
        };
    }

    private static HttpServlet forwardTo(String path) {
        return new HttpServlet() {
            @Override
            protected void doGet(HttpServletRequest request, HttpServletResponse response)
                    throws ServletException, IOException {
                request.getRequestDispatcher(path).forward(request, response);
            }
        };
    }

    private void startUsual() throws Exception {
        start(HealthServlet.of(registry));
    }

    private void start(HealthServlet servlet) throws Exception {
        container.mount(servlet, true, "/health/*", "/livez", "/readyz", "/startupz", "/healthz");
        port = container.start();
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = request("GET", path);
        return client.send((headers.length == 0 ? request : request.headers(headers)).build(), BodyHandlers.ofString());
    }

    private CompletableFuture<HttpResponse<String>> send(String method, String path) {
        return client.sendAsync(request(method, path).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String method, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(ofSeconds(30))
                .method(method, BodyPublishers.noBody());
    }

    /** The whole response, for a request that is sent as it is. */
    private String raw(String method, String path) throws IOException {
        try (Socket socket = connect(method, path);
                InputStream in = socket.getInputStream()) {
            socket.setSoTimeout(10_000);
            return new String(in.readAllBytes(), ISO_8859_1);
        }
    }

    private Socket connect(String method, String path) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        String request = method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
        return socket;
    }

    private static void assertUsualHeaders(HttpResponse<String> response) {
        assertUsualHeadersButLength(response);
        assertThat(response.headers().allValues("Content-Length"))
                .containsExactly(String.valueOf(response.body().getBytes(UTF_8).length));
    }

    private static void assertUsualHeadersButLength(HttpResponse<String> response) {
        assertThat(response.headers().allValues("Content-Type")).containsExactly("application/json");
        assertThat(response.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(response.headers().allValues("Vary")).containsExactly("Accept");
        assertThat(response.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
        assertThat(response.headers().map()).doesNotContainKeys("Transfer-Encoding", "Set-Cookie");
    }

    private static List<String> headersBut(String head, String... names) {
        return head.lines()
                .filter(line -> Arrays.stream(names).noneMatch(line::startsWith))
                .sorted()
                .toList();
    }

    private static int contentLength(String head) {
        return head.lines()
                .filter(line -> line.startsWith("Content-Length: "))
                .mapToInt(line -> Integer.parseInt(line.substring("Content-Length: ".length())))
                .sum();
    }

    /** The same with nothing in it that differs from run to run. */
    private static String steady(String body) {
        return body.replaceAll("\"durationMs\":\\d+\\.\\d(?=[,}])", "\"durationMs\":0.0")
                .replaceAll("\"ref\":\"[0-9a-z]{6}\"", "\"ref\":\"REF\"");
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        return json(response.body());
    }

    private static JsonNode json(String text) throws IOException {
        return JSON.readTree(text);
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        for (Iterator<String> all = object.fieldNames(); all.hasNext(); ) {
            names.add(Objects.requireNonNull(all.next()));
        }
        return names;
    }
}
