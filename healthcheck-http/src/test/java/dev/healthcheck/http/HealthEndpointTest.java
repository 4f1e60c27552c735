package dev.healthcheck.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.healthcheck.CheckReport;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Probe;
import dev.healthcheck.Registration;
import dev.healthcheck.Status;
import dev.healthcheck.testkit.CapturedLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From the facts of a request to a response, without a server. */
class HealthEndpointTest {
    private static final String SECRET = "hunter2";
    private static final Map<String, String> HTML = Map.of("Accept", "text/html");

    private final HealthCheckRegistry registry = HealthCheckRegistry.builder()
            .answerWithin(Duration.ofSeconds(20))
            .defaults(o -> o.timeout(Duration.ofSeconds(15)).cacheFor(Duration.ofMinutes(10)))
            .build();
    private final HealthEndpoint endpoint = HealthEndpoint.of(registry);
    private final CountDownLatch gate = new CountDownLatch(1);

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void an_answer_is_done_on_return_and_on_the_caller_s_thread_if_every_verdict_is_fresh() {
        registry.register("orders-db", CheckResult::up);
        registry.check();
        List<Thread> threads = new ArrayList<>();
        HealthEndpoint told = HealthEndpoint.builder(registry)
                .onAnswer(answer -> threads.add(Thread.currentThread()))
                .build();

        CompletableFuture<HealthResponse> future = told.answer(get("/ready"));

        assertThat(future).isCompleted();
        assertThat(threads).containsExactly(Thread.currentThread());
        assertThat(future.join().status()).isEqualTo(200);
        assertThat(text(future.join())).startsWith("{\"status\":\"UP\",\"probe\":\"ready\"");
    }

    @Test
    void an_answer_that_is_waited_for_comes_with_the_verdict() throws Exception {
        registry.register("slow", this::waitsForGate);

        CompletableFuture<HealthResponse> future = endpoint.answer(get("/ready"));
        assertThat(future).isNotDone();
        gate.countDown();

        assertThat(inTime(future).status()).isEqualTo(200);
    }

    @Test
    void a_future_that_is_cancelled_touches_nothing_and_is_not_counted() throws Exception {
        registry.register("slow", this::waitsForGate);
        List<HealthAnswer> answers = new CopyOnWriteArrayList<>();
        HealthEndpoint told =
                HealthEndpoint.builder(registry).onAnswer(answers::add).build();

        CompletableFuture<HealthResponse> cancelled = told.answer(get("/ready"));
        CompletableFuture<HealthResponse> kept = told.answer(get("/ready"));
        cancelled.cancel(true);
        gate.countDown();

        assertThat(inTime(kept).status()).isEqualTo(200);
        assertThat(answers).hasSize(1);
    }

    @Test
    void waiting_on_the_caller_s_thread_gives_the_same_answer() {
        registry.register("orders-db", CheckResult::up);

        assertThat(text(endpoint.await(get("/orders-db"))))
                .isEqualTo(text(endpoint.answer(get("/orders-db")).join()))
                .startsWith("{\"status\":\"UP\",\"name\":\"orders-db\"");
    }

    @Test
    void required_is_what_it_is_now_in_an_answer_of_bytes_that_were_encoded_before() {
        AtomicReference<CheckResult> answer = new AtomicReference<>(CheckResult.down("gone"));
        Registration db =
                registry.register("db", answer::get, o -> o.requiredToStart().every(Duration.ofHours(1)));
        db.runNow();
        assertThat(twice("/ready", 503)).contains("\"db\":{\"status\":\"DOWN\",\"required\":true,");

        answer.set(CheckResult.up());
        db.runNow();
        assertThat(twice("/ready", 200)).contains("\"db\":{\"status\":\"UP\",\"required\":false,");

        answer.set(CheckResult.down("gone"));
        db.runNow();
        assertThat(twice("/ready", 200))
                .startsWith("{\"status\":\"DEGRADED\"")
                .contains("\"db\":{\"status\":\"DOWN\",\"required\":false,");
    }

    private String twice(String path, int status) {
        assertThat(endpoint.await(get(path)).status()).isEqualTo(status);
        HealthResponse response = endpoint.await(get(path));
        assertThat(response.status()).isEqualTo(status);
        return text(response);
    }

    @ParameterizedTest
    @CsvSource({"/live, 200, UP", "/ready, 503, DOWN", "'', 503, DOWN", "/orders-db, 503, DOWN"})
    void a_registry_that_has_not_answered_is_pending(String path, int status, String word) {
        HealthResponse response = endpoint.pending(get(path));

        assertThat(response.status()).isEqualTo(status);
        assertThat(text(response)).isEqualTo("{\"status\":\"" + word + "\",\"reason\":\"pending\"}\n");
    }

    @Test
    void its_budget_is_the_registry_s() {
        assertThat(endpoint.answerWithin()).isEqualTo(Duration.ofSeconds(20)).isEqualTo(registry.answerWithin());
    }

    @ParameterizedTest
    @CsvSource({"/ready, 200", "/cache, 503", "/nosuch, 404", "/a/b, 404"})
    void an_answer_is_not_to_be_cached_and_says_what_it_is(String path, int status) {
        registry.register("cache", () -> CheckResult.down("gone"), o -> o.optional());

        HealthResponse response = endpoint.await(get(path));

        assertThat(response.status()).isEqualTo(status);
        assertThat(response.headers())
                .isEqualTo(Map.of(
                        "Content-Type",
                        "application/json",
                        "Cache-Control",
                        "no-store",
                        "Cross-Origin-Resource-Policy",
                        "same-origin",
                        "Vary",
                        "Accept, Sec-Fetch-Mode, Upgrade-Insecure-Requests",
                        "X-Content-Type-Options",
                        "nosniff"));
        assertThat(response.contentLength()).isEqualTo(response.body().length).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/ready", "/orders-db", "/nosuch"})
    void head_has_the_length_and_the_headers_of_get_and_no_body(String path) {
        registry.register("orders-db", CheckResult::up);
        HealthResponse get = endpoint.await(get(path));

        HealthResponse head = endpoint.await(HealthRequest.of("HEAD", "/health", path, name -> null));

        assertThat(head.body()).isEmpty();
        assertThat(head.status()).isEqualTo(get.status());
        assertThat(head.headers()).isEqualTo(get.headers());
        assertThat(head.contentLength())
                .as("but for the report's own duration")
                .isBetween(get.contentLength() - 5, get.contentLength() + 5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "OPTIONS", "get", ""})
    void other_methods_are_405_and_ask_nobody(String method) {
        AtomicInteger asked = new AtomicInteger();
        registry.register("counts", () -> {
            asked.incrementAndGet();
            return CheckResult.up();
        });
        HealthRequest request = HealthRequest.of(method, "/health", "/ready", name -> null)
                .showDetails(() -> asked.incrementAndGet() > 0);

        for (HealthResponse response :
                List.of(endpoint.await(request), endpoint.answer(request).join())) {
            assertThat(response.status()).isEqualTo(405);
            assertThat(response.headers()).containsEntry("Allow", "GET, HEAD").containsKey("Vary");
            assertThat(text(response)).isEqualTo("{\"problem\":\"only GET and HEAD\"}\n");
        }
        assertThat(asked).hasValue(0);
    }

    @Test
    void details_are_for_those_whom_the_condition_admits() {
        registry.register("orders-db", () -> CheckResult.degraded(SECRET));

        assertThat(text(endpoint.await(get("/ready")))).doesNotContain(SECRET);
        assertThat(text(endpoint.await(get("/ready").showDetails(() -> false)))).doesNotContain(SECRET);
        assertThat(text(endpoint.await(get("/ready").showDetails(() -> true)))).contains(SECRET);
    }

    @Test
    void a_condition_is_asked_once_before_the_wait_on_the_caller_s_thread() throws Exception {
        registry.register("slow", this::waitsForGate);
        List<Thread> threads = new ArrayList<>();

        CompletableFuture<HealthResponse> future =
                endpoint.answer(get("/ready").showDetails(() -> threads.add(Thread.currentThread())));
        gate.countDown();

        inTime(future);
        assertThat(threads).containsExactly(Thread.currentThread());
    }

    @Test
    void headers_are_read_before_the_wait_on_the_caller_s_thread() throws Exception {
        registry.register("slow", this::waitsForGate);
        List<Thread> threads = new CopyOnWriteArrayList<>();
        HealthEndpoint told =
                HealthEndpoint.builder(registry).onAnswer(answer -> {}).build();

        CompletableFuture<HealthResponse> future = told.answer(HealthRequest.of("GET", "/health", "/ready", name -> {
            threads.add(Thread.currentThread());
            return name.equals("Accept") ? "text/plain" : null;
        }));
        gate.countDown();

        assertThat(text(inTime(future))).isEqualTo("[+]slow ok\nready check passed\n");
        assertThat(threads).isNotEmpty().containsOnly(Thread.currentThread());
    }

    @Test
    void headers_of_one_s_own_follow_the_report() {
        registry.register("pool", () -> CheckResult.degraded("full"));
        HealthEndpoint envoy = HealthEndpoint.builder(registry)
                .headers(report -> report.status() == Status.DEGRADED ? Map.of("x-envoy-degraded", "true") : Map.of())
                .build();

        assertThat(envoy.await(get("/ready")).headers())
                .containsEntry("x-envoy-degraded", "true")
                .containsEntry("Cache-Control", "no-store");
        assertThat(envoy.await(get("/live")).headers()).doesNotContainKey("x-envoy-degraded");
        assertThat(envoy.await(get("/pool")).headers()).doesNotContainKey("x-envoy-degraded");
        assertThat(envoy.pending(get("/ready")).headers()).doesNotContainKey("x-envoy-degraded");
    }

    @Test
    void headers_that_could_break_an_answer_are_left_out_and_the_log_says_so_once() {
        Map<String, String> rubbish = new LinkedHashMap<>();
        rubbish.put("X-Split", "a\r\nSet-Cookie: b");
        rubbish.put("X-Null", null);
        rubbish.put(null, "a");
        rubbish.put("", "a");
        rubbish.put("X Name", "a");
        rubbish.put("X-Name:\r\nSet-Cookie", "b");
        rubbish.put("X-Control", "a\u0000b\u007f");
        rubbish.put("X-Umlaut", "\u00fc");
        rubbish.put("X-Long", "a".repeat(10_000));
        rubbish.put("content-length", "0");
        rubbish.put("Transfer-Encoding", "chunked");
        rubbish.put("CONNECTION", "close");
        rubbish.put("Date", "today");
        rubbish.put("X-Good", "a\tb");
        HealthEndpoint broken =
                HealthEndpoint.builder(registry).headers(report -> rubbish).build();

        try (CapturedLog log = new CapturedLog()) {
            for (int i = 0; i < 3; i++) {
                Map<String, String> all =
                        new LinkedHashMap<>(endpoint.await(get("")).headers());
                all.put("X-Good", "a\tb");
                assertThat(broken.await(get("")).headers()).isEqualTo(all);
            }
            assertThat(log.lines(Level.WARN))
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .containsExactly("headers threw: answers miss a header. Further ones are logged at DEBUG.");
        }
    }

    @Test
    void headers_of_one_s_own_have_room_for_3000_characters() {
        Map<String, String> many = new LinkedHashMap<>();
        for (int i = 100; i < 500; i++) {
            many.put("X-" + i, "a".repeat(5));
        }
        HealthEndpoint endpoint =
                HealthEndpoint.builder(registry).headers(report -> many).build();

        assertThat(endpoint.await(get("")).headers()).containsKey("X-399").doesNotContainKey("X-400");
    }

    @Test
    void a_header_of_one_s_own_replaces_that_of_the_same_name_in_any_case() {
        HealthEndpoint told = HealthEndpoint.builder(registry)
                .headers(report -> Map.of("cache-control", "no-store, private"))
                .build();

        assertThat(told.await(get("")).headers())
                .containsEntry("cache-control", "no-store, private")
                .doesNotContainKey("Cache-Control");
    }

    @Test
    void headers_of_a_format_that_could_break_an_answer_are_left_out() {
        HealthEndpoint endpoint = HealthEndpoint.builder(registry)
                .format(new EmptyFormat("application/xml", Map.of("X-Split", "a\r\nSet-Cookie: b", "X-Good", "yes")))
                .build();

        assertThat(endpoint.await(get("", Map.of("Accept", "application/xml"))).headers())
                .containsEntry("Content-Type", "application/xml")
                .containsEntry("X-Good", "yes")
                .doesNotContainKey("X-Split");
    }

    @ParameterizedTest
    @CsvSource({
        "kube-probe/1.29, kube-probe",
        "kube-probe/1.34+, kube-probe",
        "ELB-HealthChecker/1.0, elb",
        "ELB-HealthChecker/2.0, elb",
        "GoogleHC/1.0, gcp",
        "Consul Health Check, consul",
        "HAProxy/2.9, haproxy",
        "Blackbox Exporter/0.25.0, blackbox",
        "spring-boot-admin/3.4, spring-boot-admin",
        "curl/8.5.0, other",
        ", other"
    })
    void a_listener_hears_of_each_answer_and_who_asked(String agent, String prober) {
        registry.register("orders-db", () -> CheckResult.down("gone"));
        List<HealthAnswer> answers = new ArrayList<>();
        HealthEndpoint told =
                HealthEndpoint.builder(registry).onAnswer(answers::add).build();

        told.await(get("/ready", Map.of("User-Agent", agent == null ? "" : agent)));
        told.answer(get("/nosuch")).join();

        assertThat(answers).extracting(HealthAnswer::code).containsExactly(503, 404);
        assertThat(answers).extracting(HealthAnswer::probe).containsExactly(Probe.READINESS, null);
        assertThat(answers.get(0).prober()).isEqualTo(prober);
        assertThat(answers.get(0).duration()).isPositive();
        assertThat(answers.get(0)).hasToString("ready 503 for " + prober);
    }

    @Test
    void a_browser_is_known_by_what_only_browsers_send() {
        List<HealthAnswer> answers = new ArrayList<>();
        HealthEndpoint told =
                HealthEndpoint.builder(registry).onAnswer(answers::add).build();

        told.await(get("", Map.of("User-Agent", "Mozilla/5.0", "Sec-Fetch-Mode", "navigate")));
        told.await(get("", Map.of("User-Agent", "Mozilla/5.0", "Upgrade-Insecure-Requests", "1")));
        told.await(get("", Map.of("User-Agent", "Mozilla/5.0 (compatible; UptimeRobot/2.0)")));

        assertThat(answers).extracting(HealthAnswer::prober).containsExactly("browser", "browser", "other");
    }

    @Test
    void clients_without_a_name_of_their_own_are_known_by_other_headers() {
        List<HealthAnswer> answers = new ArrayList<>();
        HealthEndpoint told =
                HealthEndpoint.builder(registry).onAnswer(answers::add).build();
        String admin = "application/vnd.spring-boot.actuator.v2+json, application/vnd.spring-boot.actuator.v1+json,"
                + " application/json";

        told.await(get("", Map.of("User-Agent", "ReactorNetty/1.2.9", "Accept", admin)));
        told.await(get("", Map.of("Accept", "application/vnd.spring-boot.actuator.v3+json")));
        told.await(get("", Map.of("X-Haproxy-Server-State", "UP 2/3; name=app/1; node=lb1; weight=1/2")));

        assertThat(answers).extracting(HealthAnswer::prober).containsExactly("spring-boot-admin", "other", "haproxy");
    }

    @Test
    void whatever_a_user_s_function_throws_the_status_is_true_and_the_log_says_so_once() {
        registry.register("orders-db", () -> CheckResult.down("gone"));
        HealthEndpoint broken = HealthEndpoint.builder(registry)
                .format(new BrokenFormat())
                .headers(report -> fail("headers"))
                .onAnswer(answer -> fail("onAnswer"))
                .build();
        HealthRequest request =
                get("/ready", Map.of("Accept", "application/xml")).showDetails(() -> fail("showDetails") != null);

        try (CapturedLog log = new CapturedLog()) {
            for (int i = 0; i < 3; i++) {
                HealthResponse response = broken.await(request);
                assertThat(response.status()).isEqualTo(503);
                assertThat(response.headers()).containsEntry("Content-Type", "application/json");
                assertThat(text(response)).startsWith("{\"status\":\"DOWN\",\"probe\":\"ready\"");
            }
            assertThat(log.lines(Level.WARN))
                    .filteredOn(line -> line.getLoggerName().equals("dev.healthcheck.http"))
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .containsExactlyInAnyOrder(
                            "showDetails threw: this answer shows no details. Further ones are logged at DEBUG.",
                            "A health format threw: this answer is JSON instead. Further ones are logged at DEBUG.",
                            "headers threw: this answer has no further headers. Further ones are logged at DEBUG.",
                            "onAnswer threw: it misses this answer. Further ones are logged at DEBUG.");
        }
    }

    @Test
    void links_follow_the_path_unless_the_request_says_otherwise() {
        registry.register("orders-db", CheckResult::up);

        assertThat(page(get("/ready", HTML))).contains("href=\"./orders-db\"");
        assertThat(page(get("", HTML))).contains("href=\"./health/orders-db\"");
        assertThat(page(get("/ready", HTML).linkedTo("https://example.org/h/")))
                .contains("href=\"https://example.org/h/orders-db\"");
        assertThat(page(get("/ready", HTML).linkedTo(null))).doesNotContain("href=");
    }

    @Test
    void a_page_for_a_long_path_is_not_longer() {
        String longest = "/a".repeat(4_000);

        assertThat(page(get(longest, HTML)).length())
                .isLessThan(page(get("/nosuch", HTML)).length() + 1);
    }

    @Test
    void the_service_may_have_a_name_without_a_version() {
        HealthEndpoint named = HealthEndpoint.builder(registry)
                .service("orders")
                .info("commit", "9f3c2ab")
                .build();

        assertThat(text(named.await(get("/live"))))
                .contains("\"service\":{\"name\":\"orders\",\"commit\":\"9f3c2ab\"}");
    }

    @Test
    void what_makes_no_sense_is_refused() {
        HealthEndpoint.Builder builder = HealthEndpoint.builder(registry);
        assertThatThrownBy(() -> HealthEndpoint.of(null)).hasMessage("registry");
        assertThatThrownBy(() -> builder.service(null)).hasMessage("name");
        assertThatThrownBy(() -> builder.service("orders", null)).hasMessage("version");
        assertThatThrownBy(() -> builder.info(null, "1")).hasMessage("key");
        assertThatThrownBy(() -> builder.info("commit", null)).hasMessage("value");
        assertThatThrownBy(() -> builder.format(null)).hasMessage("form");
        assertThatThrownBy(() -> builder.headers(null)).hasMessage("headers");
        assertThatThrownBy(() -> builder.onAnswer(null)).hasMessage("listener");
        assertThatThrownBy(() -> builder.info("version", "1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("key: \"version\" (expected: service(name, version) instead)");
        assertThatThrownBy(() -> HealthRequest.of(null, "", "", name -> null)).hasMessage("method");
        assertThatThrownBy(() -> HealthRequest.of("GET", null, "", name -> null))
                .hasMessage("mount");
        assertThatThrownBy(() -> HealthRequest.of("GET", "", null, name -> null))
                .hasMessage("path");
        assertThatThrownBy(() -> HealthRequest.of("GET", "", "", null)).hasMessage("header");
        assertThatThrownBy(() -> get("").showDetails(null)).hasMessage("condition");
    }

    private CheckResult waitsForGate() throws InterruptedException {
        gate.await();
        return CheckResult.up();
    }

    private String page(HealthRequest request) {
        return text(endpoint.await(request));
    }

    private static HealthRequest get(String path) {
        return get(path, Map.of());
    }

    private static HealthRequest get(String path, Map<String, String> headers) {
        Map<String, String> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        byName.putAll(headers);
        return HealthRequest.of("GET", "/health", path, byName::get);
    }

    private static HealthResponse inTime(CompletableFuture<HealthResponse> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    private static String text(HealthResponse response) {
        return new String(response.body(), UTF_8);
    }

    private static Map<String, String> fail(String what) {
        throw new IllegalStateException(what.toLowerCase(Locale.ROOT));
    }

    /** Writes nothing but problems of its own. */
    private static final class BrokenFormat implements HealthFormat {
        @Override
        public String contentType() {
            return "application/xml";
        }

        @Override
        public byte[] report(HealthReport report, boolean details) {
            throw new IllegalStateException("report");
        }

        @Override
        public byte[] check(CheckReport check, boolean details) {
            throw new IllegalStateException("check");
        }

        @Override
        public byte[] pending(Status status) {
            throw new IllegalStateException("pending");
        }

        @Override
        public byte[] problem(String what) {
            throw new IllegalStateException("problem");
        }
    }
}
