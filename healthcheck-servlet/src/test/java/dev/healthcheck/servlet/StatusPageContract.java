package dev.healthcheck.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.CheckResult;
import dev.healthcheck.http.EmptyFormat;
import dev.healthcheck.http.HealthFormat;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.function.Supplier;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page for browsers: headers and links. {@code StatusPageTest} looks at it. */
abstract class StatusPageContract extends HttpContract {
    StatusPageContract(Supplier<Container> containers) {
        super(containers);
    }

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
        assertThat(response.headers().allValues("Vary")).containsExactly(VARY);
        assertThat(response.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
        assertThat(response.headers().allValues("Referrer-Policy")).containsExactly("no-referrer");
        assertThat(response.headers().allValues("Cross-Origin-Resource-Policy")).containsExactly("same-origin");
        assertThat(response.headers().allValues("Cross-Origin-Opener-Policy")).containsExactly("same-origin");
        assertThat(response.headers().allValues("Permissions-Policy"))
                .singleElement()
                .asString()
                .contains("camera=()");
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

        assertThat(get("/health").headers().map())
                .doesNotContainKeys(
                        "Content-Security-Policy",
                        "Referrer-Policy",
                        "Cross-Origin-Opener-Policy",
                        "Permissions-Policy");
    }

    @Test
    void what_a_page_waits_for_comes_as_a_page_with_its_headers() throws Exception {
        registry.register("slow", waitsForGate());
        startUsual();
        HttpRequest browser = request("GET", "/readyz")
                .header("Accept", BROWSER)
                .header("Upgrade-Insecure-Requests", "1")
                .build();

        HttpResponse<String> page = letThrough(client.sendAsync(browser, BodyHandlers.ofString()));

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
                "/health/orders-db/",
                "/healthz",
                "/livez",
                "/health;jsessionid=1"
            })
    void its_links_lead_to_reports_and_checks_wherever_it_is(String path) throws Exception {
        registry.register("orders-db", CheckResult::up);
        startUsual();

        HttpResponse<String> page = page(path);

        assertThat(hrefs(page)).contains("/health/", "/health/ready", "/health/live", "/health/startup");
        if (!path.contains("live") && !path.contains("nosuch") && !path.contains("orders-db")) {
            assertThat(hrefs(page)).contains("/health/orders-db");
        }
        for (String href : hrefs(page)) {
            assertThat(page(href).statusCode()).as(href).isEqualTo(200);
        }
    }

    @Test
    void a_path_that_finds_no_check_has_no_links_so_that_its_page_does_not_grow_with_it() throws Exception {
        startUsual();

        assertThat(hrefs(page("/health/a/b"))).isEmpty();
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
        return get(path, "Accept", BROWSER, "Upgrade-Insecure-Requests", "1");
    }

    private List<String> hrefs(HttpResponse<String> page) {
        return Jsoup.parse(page.body()).select("a").eachAttr("href").stream()
                .map(href -> page.uri().resolve(href).getPath())
                .toList();
    }
}
