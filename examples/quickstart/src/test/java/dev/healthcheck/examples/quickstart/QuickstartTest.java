package dev.healthcheck.examples.quickstart;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole of it over HTTP, with a real PostgreSQL and a real Redis. One service for all tests, mended after each. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class QuickstartTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String DATABASE_DOWN = "\"orders-db\":{\"status\":\"DOWN\",\"required\":true";

    private static Quickstart app;
    private static int port;

    @BeforeAll
    static void start() throws Exception {
        app = new Quickstart(0, 0);
        app.start();
        port = app.port();
        mend();
    }

    @AfterAll
    static void stop() throws Exception {
        app.stop();
    }

    @AfterEach
    void mendAll() throws Exception {
        mend();
    }

    private static void mend() throws Exception {
        if (app.backends().directory().toFile().exists()) {
            for (String command :
                    List.of("pg thaw", "pg start", "redis thaw", "redis start", "pool free", "hang off")) {
                app.breaker().run(command);
            }
            within(ofSeconds(20), () -> assertThat(get("/health").body()).startsWith("{\"status\":\"UP\""));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/health",
                "/health/",
                "/health/live",
                "/health/ready",
                "/health/startup",
                "/health/orders-db",
                "/livez",
                "/readyz",
                "/startupz",
                "/healthz"
            })
    void probes_answer_get_and_head(String path) throws Exception {
        HttpResponse<String> get = get(path);
        HttpResponse<String> head = send("HEAD", path);

        assertThat(get.statusCode()).isEqualTo(200);
        assertThat(get.body()).contains("\"status\":\"UP\"");
        assertThat(get.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("Content-Type"))
                .isEqualTo(get.headers().firstValue("Content-Type"));
        assertThat(head.body()).isEmpty();
    }

    @Test
    void other_methods_are_refused() throws Exception {
        HttpResponse<String> answer = post("/health/ready");

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue("GET, HEAD");
    }

    @Test
    void a_check_that_nobody_knows_is_not_found() throws Exception {
        HttpResponse<String> answer = get("/health/unknown");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).contains("json"));
    }

    @Test
    void every_check_is_reported() throws Exception {
        assertThat(get("/health").body())
                .contains("orders-db", "cache", "disk", "deadlock", "migrations", "search", "payments", "backlog");
    }

    @Test
    void details_are_for_those_who_may_see_them() throws Exception {
        assertThat(get("/health/backlog").body()).doesNotContain("waiting");
        assertThat(send("GET", "/health/backlog", Quickstart.TOKEN_HEADER, Quickstart.TOKEN)
                        .body())
                .contains("\"waiting\":0");
    }

    @Test
    void a_stopped_PostgreSQL_costs_readiness_not_life_and_nothing_has_to_be_restarted() throws Exception {
        breakIt("pg/stop");

        within(ofSeconds(5), () -> {
            HttpResponse<String> ready = get("/health/ready");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).contains(DATABASE_DOWN, "\"reason\":\"unreachable\"");
        });
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/health/orders-db").statusCode()).isEqualTo(503);
        assertThat(get("/health/cache").statusCode()).isEqualTo(200);
        within(ofSeconds(5), () -> assertThat(get("/metrics").body())
                .contains("health_check_status{check=\"orders-db\",status=\"down\"} 1")
                .contains("health_check_reason{check=\"orders-db\",reason=\"unreachable\"} 1"));

        breakIt("pg/start");

        within(ofSeconds(5), () -> assertThat(get("/health/ready").statusCode()).isEqualTo(200));
    }

    @Test
    void orders_wait_for_PostgreSQL_and_the_backlog_says_so() throws Exception {
        breakIt("pg/stop");
        for (int i = 0; i < 10; i++) {
            app.orders().take("an order");
        }

        within(ofSeconds(5), () -> assertThat(get("/health/backlog").body()).contains("DEGRADED", "backlog"));

        breakIt("pg/start");

        within(ofSeconds(10), () -> assertThat(get("/").body()).contains("waiting: 0"));
    }

    @Test
    void a_stopped_Redis_is_a_degradation() throws Exception {
        breakIt("redis/stop");

        within(ofSeconds(5), () -> {
            HttpResponse<String> ready = get("/health/ready");
            assertThat(ready.statusCode()).isEqualTo(200);
            assertThat(ready.body())
                    .startsWith("{\"status\":\"DEGRADED\"")
                    .contains("\"cache\":{\"status\":\"DOWN\",\"required\":false");
        });
        assertThat(get("/").statusCode()).isEqualTo(200);

        breakIt("redis/start");

        within(ofSeconds(5), () -> assertThat(get("/health").body()).startsWith("{\"status\":\"UP\""));
    }

    @Test
    void while_PostgreSQL_is_frozen_every_probe_answers_within_a_second() throws Exception {
        List<String> slow = new ArrayList<>();
        breakIt("pg/freeze");

        long begin = System.nanoTime();
        while (System.nanoTime() - begin < ofSeconds(4).toNanos()) {
            for (String path : List.of("/health", "/health/ready", "/health/live", "/health/orders-db", "/readyz")) {
                long asked = System.nanoTime();
                HttpResponse<String> answer = get(path);
                Duration took = Duration.ofNanos(System.nanoTime() - asked);
                if (took.compareTo(ofSeconds(1)) >= 0) {
                    slow.add(path + " took " + took);
                }
                assertThat(answer.body()).startsWith("{");
            }
            Thread.sleep(50);
        }
        // a busy machine delays one of some hundred answers, a check that waits for PostgreSQL one in each round
        assertThat(slow).hasSizeLessThanOrEqualTo(1);
        assertThat(get("/health/ready").body()).contains(DATABASE_DOWN);
        assertThat(get("/health/live").statusCode()).isEqualTo(200);

        breakIt("pg/thaw");

        within(ofSeconds(5), () -> assertThat(get("/health/ready").statusCode()).isEqualTo(200));
    }

    @Test
    void a_pool_that_the_application_has_filled_is_a_degradation_and_when_it_lasts_a_failure() throws Exception {
        breakIt("pool/fill");

        within(ofSeconds(4), () -> {
            HttpResponse<String> ready = get("/health/ready");
            assertThat(ready.statusCode()).isEqualTo(200);
            assertThat(ready.body()).contains("\"orders-db\":{\"status\":\"DEGRADED\"", "\"pool-exhausted\"");
        });
        within(ofSeconds(14), () -> {
            HttpResponse<String> ready = get("/health/ready");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).contains(DATABASE_DOWN, "\"reason\":\"pool-exhausted\"");
        });

        breakIt("pool/free");

        within(ofSeconds(4), () -> assertThat(get("/health/ready").statusCode()).isEqualTo(200));
    }

    @Test
    void a_check_that_hangs_is_named_and_holds_nobody_up() throws Exception {
        breakIt("hang/on");

        within(ofSeconds(4), () -> assertThat(get("/health/ready").body())
                .contains("\"payments\":{\"status\":\"DOWN\",\"required\":true,\"reason\":\"stuck\""));
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(send("GET", "/health/payments", Quickstart.TOKEN_HEADER, Quickstart.TOKEN)
                        .body())
                .contains("\"stack\"", "Payments.check");

        breakIt("hang/off");

        within(ofSeconds(4), () -> assertThat(get("/health/ready").statusCode()).isEqualTo(200));
    }

    @Test
    void only_what_exists_can_be_broken_and_not_by_a_page_of_another_site() throws Exception {
        assertThat(post("/break/world").statusCode()).isEqualTo(404);
        assertThat(send("POST", "/break/pg/stop", "Origin", "http://example.com")
                        .statusCode())
                .isEqualTo(403);
        assertThat(get("/break").body()).contains("pg stop");
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void health_is_also_answered_at_a_port_of_its_own() throws Exception {
        var probe = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + app.healthPort() + "/readyz"))
                .timeout(ofSeconds(30))
                .build();
        HttpResponse<String> ready = CLIENT.send(probe, HttpResponse.BodyHandlers.ofString());

        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(ready.body()).contains("orders-db");
    }

    @Test
    void metrics_show_the_JVM_the_pool_health_and_the_requests_of_the_application() throws Exception {
        get("/");
        get("/health/ready");

        within(ofSeconds(5), () -> assertThat(get("/metrics").body())
                .contains(
                        "http_server_requests_seconds_count{method=\"GET\",outcome=\"SUCCESS\",status=\"200\",uri=\"/\"}")
                .contains("jvm_memory_used_bytes{", "jvm_threads_live_threads ", "jvm_gc_")
                .contains("hikaricp_connections_active{pool=\"orders\"}")
                .contains("health_check_status{check=\"orders-db\",status=\"up\"} 1")
                .contains("health_status{probe=\"readiness\",status=\"up\"} 1")
                .contains("health_probe_requests_seconds_count{code=\"200\",probe=\"readiness\",prober=\"other\"}")
                .doesNotContain("uri=\"/health", "uri=\"/metrics"));
    }

    @Test
    void answers_of_the_application_say_how_long_the_server_took() throws Exception {
        for (String path : List.of("/", "/nowhere")) {
            assertThat(get(path).headers().firstValue("Server-Timing"))
                    .hasValueSatisfying(timing -> assertThat(timing).matches("app;dur=\\d+\\.\\d"));
        }
        assertThat(get("/health/ready").headers().firstValue("Server-Timing")).isEmpty();
    }

    @Test
    void a_taken_port_is_noticed_before_anything_is_started() throws Exception {
        var second = new Quickstart(port, Quickstart.NO_PORT);

        assertThatThrownBy(second::start).hasRootCauseInstanceOf(BindException.class);
        assertThat(second.backends().postgres().process()).isEmpty();

        second.stop();

        assertThat(second.backends().directory()).doesNotExist();
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void it_drains_then_stops_and_leaves_nothing() throws Exception {
        var postgres = app.backends().postgres().process().orElseThrow();
        var redis = app.backends().redis().process().orElseThrow();
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> {
            try {
                app.stop();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });

        within(
                ofSeconds(5),
                () -> { // all at once, as the server stops a second after it has begun to drain
                    var ready = ask("/health/ready");
                    var whole = ask("/health");
                    var live = ask("/health/live");
                    var home = ask("/");
                    assertThat(ready.join().statusCode()).isEqualTo(503);
                    assertThat(ready.join().body()).contains("\"reason\":\"draining\"");
                    assertThat(whole.join().body()).contains("\"reason\":\"draining\"");
                    assertThat(live.join().statusCode()).isEqualTo(200);
                    assertThat(home.join().body()).containsPattern("orders stored: \\d+; waiting: \\d+; views: ");
                });

        assertThat(stopped).succeedsWithin(ofSeconds(30));
        assertThatThrownBy(() -> get("/health/live")).isInstanceOf(ConnectException.class);
        assertThat(postgres.isAlive() && postgres.info().command().isPresent()).isFalse();
        assertThat(redis.isAlive() && redis.info().command().isPresent()).isFalse();
        assertThat(app.backends().directory()).doesNotExist();
    }

    private static void breakIt(String command) throws Exception {
        assertThat(post("/break/" + command).statusCode()).isEqualTo(200);
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path);
    }

    private static HttpResponse<String> post(String path) throws IOException, InterruptedException {
        return send("POST", path);
    }

    private static HttpResponse<String> send(String method, String path, String... headers)
            throws IOException, InterruptedException {
        var request = request(method, path);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static CompletableFuture<HttpResponse<String>> ask(String path) {
        return CLIENT.sendAsync(request("GET", path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String method, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(ofSeconds(30))
                .method(method, HttpRequest.BodyPublishers.noBody());
    }

    private static void within(Duration limit, ThrowingRunnable assertion) {
        await().atMost(limit)
                .pollDelay(Duration.ZERO)
                .pollInterval(ofMillis(50))
                .untilAsserted(assertion);
    }
}
