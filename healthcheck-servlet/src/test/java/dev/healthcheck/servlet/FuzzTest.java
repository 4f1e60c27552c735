package dev.healthcheck.servlet;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Probe;
import dev.healthcheck.servlet.Wire.Response;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Properties that hold for every request. */
@Timeout(300) // seconds: thousands of requests, perhaps on a busy machine
class FuzzTest {
    private static final String SECRET = "hunter2";
    private static final List<String> TYPES =
            List.of("application/json", "application/health+json", "text/plain", "text/html");
    private static final List<MediaType> OFFERED =
            TYPES.stream().map(MediaType::of).toList();

    private static final List<String> ACCEPT_PARTS = Stream.concat(
                    TYPES.stream(),
                    Stream.of(
                            "*/*",
                            "text/*",
                            "application/*",
                            "*",
                            "/",
                            ",",
                            ",",
                            ";",
                            ";q=",
                            ";q=0.5",
                            ";q=0",
                            ";q=1.000",
                            ";Q=0.333",
                            "q",
                            "=",
                            "0.",
                            "1.1",
                            "-1",
                            "NaN",
                            " ",
                            "\t",
                            "\"",
                            "image/png",
                            ";x=y"))
            .toList();
    private static final List<String> WEIGHTS = List.of(
            "", ";q=0", ";q=0.0", ";q=1", ";q=1.000", ";q=0.5", "; q=0.25", ";Q=0.001", ";v=1;q=0.999", " ;q=0.");
    private static final List<String> RANGES = Stream.concat(
                    TYPES.stream(), Stream.of("*/*", "text/*", "application/*", "image/png", "TEXT/Html"))
            .toList();
    private static final List<String> PATH_PARTS = List.of(
            "/",
            "/",
            "live",
            "ready",
            "startup",
            "liveness",
            "readiness",
            "started",
            "livez",
            "health",
            "orders-db",
            ".",
            "..",
            ";",
            "%2f",
            "%2e",
            "%00",
            "%",
            "?",
            "#",
            "\\",
            "x",
            "R",
            " ");
    private static final Map<String, ProbeTarget<?>> REPORTS = Map.of(
            "", new ReportTarget(null),
            "/", new ReportTarget(null),
            "/live", new ReportTarget(Probe.LIVENESS),
            "/liveness", new ReportTarget(Probe.LIVENESS),
            "/ready", new ReportTarget(Probe.READINESS),
            "/readiness", new ReportTarget(Probe.READINESS),
            "/startup", new ReportTarget(Probe.STARTUP),
            "/started", new ReportTarget(Probe.STARTUP));

    @Test
    void whatever_is_accepted_one_of_the_forms_is_chosen_and_always_the_same() {
        Randoms.forAll(20_000, randoms -> randoms.joined(ACCEPT_PARTS, 30, 0x180), header -> {
            int best = Accept.best(header, OFFERED);

            assertThat(best).isBetween(0, OFFERED.size() - 1).isEqualTo(Accept.best(header, OFFERED));
        });
    }

    @Test
    void what_is_well_formed_is_weighed_as_the_standard_has_it() {
        Randoms.forAll(20_000, FuzzTest::wellFormed, header -> assertThat(Accept.best(header, OFFERED))
                .isEqualTo(bestByTheBook(header)));
    }

    @Test
    void a_path_asks_for_a_report_or_for_the_check_of_its_name() {
        Randoms.forAll(20_000, randoms -> "/" + randoms.joined(PATH_PARTS, 8, 0x10000), path -> {
            ProbeTarget<?> target = Paths.target(request(path));

            ProbeTarget<?> named = path.startsWith("/") ? new CheckTarget(path.substring(1)) : target;
            assertThat(target).isEqualTo(REPORTS.getOrDefault(path, named));
        });
    }

    @Test
    void the_way_home_leads_home_from_wherever_it_is() {
        Randoms.forAll(5_000, randoms -> "/" + randoms.joined(List.of("/", "a", "."), 12, 1), path -> {
            String home = Paths.home(request("/" + path.replaceAll("[^a/]", "b").substring(1)));

            assertThat(home).matches("\\./|(\\.\\./)+");
            assertThat(home.equals("./") ? 0 : home.length() / 3)
                    .isEqualTo(path.chars().filter(c -> c == '/').count() - 1);
        });
    }

    @Test
    void over_the_wire_every_answer_is_whole_and_nothing_is_told() throws Exception {
        try (HealthCheckRegistry registry = HealthCheckRegistry.create()) {
            registry.register(
                    "orders-db",
                    () -> CheckResult.degraded(SECRET).withDetail("url", SECRET),
                    o -> o.cacheFor(Duration.ZERO));
            Container container = new JettyEe10Container();
            container.mount(HealthServlet.of(registry), true, "/health/*", "/livez", "/readyz");
            int port = container.start();
            try (Talk talk = new Talk(port)) {
                Randoms.forAll(4_000, FuzzTest::hostileRequest, talk::says);
                talk.says("GET /health/ready HTTP/1.1\r\nHost: localhost\r\n\r\n");
                assertThat(talk.statuses).contains(200, 400, 404, 405);
                assertThat(talk.whole).isGreaterThan(1000);
            } finally {
                container.stop();
            }
        }
    }

    private static String wellFormed(Randoms randoms) {
        StringBuilder header = new StringBuilder();
        for (int i = randoms.below(8); i >= 0; i--) {
            header.append(randoms.oneOf(RANGES)).append(randoms.oneOf(WEIGHTS)).append(i == 0 ? "" : ", ");
        }
        return header.toString();
    }

    /** A slow and plain reference: the first of the most precise ranges gives a type its weight. */
    private static int bestByTheBook(String header) {
        int best = 0;
        for (int i = 1; i < TYPES.size(); i++) {
            if (weight(header, TYPES.get(i)).compareTo(weight(header, TYPES.get(best))) > 0) {
                best = i;
            }
        }
        return best;
    }

    private static BigDecimal weight(String header, String type) {
        String all = type.substring(0, type.indexOf('/')) + "/*";
        for (String range : List.of(type, all, "*/*")) {
            for (String element : header.split(",", -1)) {
                String[] parts = element.strip().split(";", -1);
                if (parts[0].strip().equalsIgnoreCase(range)) {
                    String last = parts[parts.length - 1].strip();
                    return last.matches("[qQ]=.*") ? new BigDecimal(last.substring(2)) : BigDecimal.ONE;
                }
            }
        }
        return BigDecimal.ZERO;
    }

    private static HttpServletRequest request(@Nullable String pathInfo) {
        return (HttpServletRequest) Proxy.newProxyInstance(
                FuzzTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("getPathInfo")) {
                        return pathInfo;
                    }
                    throw new AssertionError("not to be asked: " + method);
                });
    }

    private static String hostileRequest(Randoms randoms) {
        String target = "/health" + randoms.joined(PATH_PARTS, 6, 0x100);
        String query =
                randoms.below(2) == 0 ? "" : "?" + randoms.joined(List.of("a", "=", "&", "%", "%0d%0a"), 9, 0x100);
        String method = randoms.oneOf(List.of("GET", "GET", "GET", "HEAD", "POST"));
        String header = randoms.joined(ACCEPT_PARTS, 12, 0x100);
        String line = method + " " + (randoms.below(3) == 0 ? target : target.replaceAll("[^!-~]|[?#%\\\\]", ""))
                + query + " HTTP/1.1";
        String field = randoms.oneOf(List.of("Accept", "X-Y", "Cookie", "If-Match")) + ": "
                + (randoms.below(3) == 0 ? header : header.replaceAll("[^ -~]", ""));
        return Stream.of(line, "Host: localhost", field, "", "")
                .map(text -> text.replaceAll("[\r\n]", "")) // a line break would end the request or begin another
                .collect(joining("\r\n"));
    }

    /** Sends requests on one connection until the server closes it, then on the next. */
    private static final class Talk implements AutoCloseable {
        private static final Set<Integer> ALLOWED = Set.of(200, 400, 404, 405, 414, 431);

        private final Set<Integer> statuses = new TreeSet<>();
        private final int port;
        private @Nullable Wire wire;
        private int whole;

        Talk(int port) {
            this.port = port;
        }

        void says(String request) throws IOException {
            Wire open = wire == null ? Wire.to(port) : wire;
            wire = null;
            String method = request.startsWith("HEAD ") ? "HEAD" : "GET";
            Response response = open.send(request).response(method);

            assertThat(response).isNotNull();
            assertThat(response.status()).isIn(ALLOWED);
            assertThat(response.head() + response.body()).doesNotContain(SECRET);
            if (response.status() == 400 || response.closes()) {
                open.close();
            } else {
                wire = open;
            }
            statuses.add(response.status());
            whole++;
        }

        @Override
        public void close() throws IOException {
            if (wire != null) {
                wire.close();
            }
        }
    }
}
