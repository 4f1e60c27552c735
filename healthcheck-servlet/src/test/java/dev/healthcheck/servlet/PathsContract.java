package dev.healthcheck.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.CheckResult;
import dev.healthcheck.Probe;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The report or check that each path asks for. */
abstract class PathsContract extends HttpContract {
    private static final String TIMES = "\"durationMs\":0.0,\"checkedAt\":\"" + NOW + "\",\"since\":\"" + NOW + "\"";

    PathsContract(Supplier<Container> containers) {
        super(containers);
    }

    @Test // R17f
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
                        + ",\"consecutiveFailures\":1,\"ref\":\"REF\"}}}\n");
        assertThat(steady(get("/health/").body())).isEqualTo(steady(response.body()));
    }

    @ParameterizedTest
    @CsvSource({
        "/health/live, live",
        "/livez, live",
        "/health/live/, live",
        "/health/livez, live",
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
                        + "-check\":{\"status\":\"UP\",\"required\":true," + TIMES + "}}}\n");
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

    @Test // R9d
    void nothing_registered_is_up() throws Exception {
        startUsual();

        HttpResponse<String> response = get("/health");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(steady(response.body()))
                .isEqualTo("{\"status\":\"UP\",\"timestamp\":\"" + NOW + "\",\"durationMs\":0.0,\"checks\":{}}\n");
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
                .isEqualTo("{\"status\":\"DOWN\",\"name\":\"orders-db\",\"required\":true,\"reason\":\"unreachable\","
                        + TIMES + ",\"consecutiveFailures\":1,\"ref\":\"REF\",\"runs\":["
                        + "{\"at\":\"" + NOW + "\",\"status\":\"UP\",\"durationMs\":0.0},"
                        + "{\"at\":\"" + NOW + "\",\"status\":\"DOWN\",\"durationMs\":0.0}],\"changes\":["
                        + "{\"at\":\"" + NOW + "\",\"to\":\"UP\"},"
                        + "{\"at\":\"" + NOW
                        + "\",\"from\":\"UP\",\"to\":\"DOWN\",\"reason\":\"unreachable\","
                        + "\"ref\":\"REF\"}]}\n");
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
                "/health/orders-db/runs",
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
        assertThat(response.body()).isEqualTo("{\"problem\":\"no such check\"}\n");
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
        assertThat(raw("GET", "/health;jsessionid=1/ready")).startsWith("HTTP/1.1 503");
        assertThat(raw("GET", "/health;a=b;c/live;d")).startsWith("HTTP/1.1 200");
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
                "/health/ready/%2e%2e/x",
                "/health/ready/../../../etc/passwd",
                "/health/..%2fhealth/ready",
                "/health/%2e%2e%2fhealth/ready",
                "/health/%2fready",
                "/health/%252e%252e/ready",
                "/health/%c0%ae%c0%ae/ready",
                "/health/ready%00",
                "/health/ready%0d%0a",
                "/health/ready%20",
                "/health/ready%3bx=y",
                "/health/ready%3fx",
                "/health/ready#x",
                "/health/\u00e4",
                "/health/[a|b]",
                "/health\\ready",
                "/health/ready?%zz&%",
                "/health/ready?a=[]{}|^`\"<>",
                "//health",
                "/./health/ready",
                "health/ready"
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
        assertThat(json(get("/internal/status/ready")).get("probe").textValue()).isEqualTo("ready");
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
