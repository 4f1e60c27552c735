package dev.healthcheck.micrometer;

import static dev.healthcheck.micrometer.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.http.HealthEndpoint;
import dev.healthcheck.http.HealthRequest;
import dev.healthcheck.testkit.Hang;
import dev.healthcheck.testkit.Patience;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Names, labels and values as Prometheus reads them. Alert rules and dashboards are written against these. */
class PrometheusScrapeTest {
    private static final Map<String, String> KUBELET = Map.of("User-Agent", "kube-probe/1.34");

    private final HealthCheckRegistry health = Patience.builder().build();
    private final Hang hang = new Hang();

    @AfterEach
    void close() {
        hang.release();
        health.close();
    }

    @Test
    void a_scrape_has_the_lines_of_the_documents() throws Exception {
        Prometheus prometheus = new Prometheus();
        HealthMetrics metrics = new HealthMetrics(health);
        metrics.bindTo(prometheus.meters);
        health.register("db", CheckResult::up, o -> o.every(Duration.ofHours(1)));
        health.register(
                "cache", () -> CheckResult.down("10.0.0.7 refused").withReason("unreachable"), o -> o.optional());
        health.register("search", hang, o -> o.timeout(Duration.ofMillis(1_500))); // in which it must begin
        health.register("idle", CheckResult::up);
        assertThat(health.check("cache")).isPresent();
        assertThat(health.check("search")).isPresent();
        HealthEndpoint endpoint =
                HealthEndpoint.builder(health).onAnswer(metrics.probeRequests()).build();

        endpoint.await(HealthRequest.of("GET", "/health", "/live", KUBELET::get));

        List<String> expected = golden();
        eventually(() -> assertThat(lines(prometheus.scrape())).containsExactlyElementsOf(expected));
    }

    /** Without comments and times, in the notation of the newest release. */
    private static List<String> lines(String scrape) {
        return scrape.lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.replace(",}", "}").replaceFirst("\\.0$", ""))
                .map(line -> line.replaceFirst("(_seconds(?:_sum|_max)?\\{.*}) (?!0$)[0-9.E-]+$", "$1 <time>"))
                .sorted()
                .toList();
    }

    private static List<String> golden() throws IOException {
        try (InputStream file = PrometheusScrapeTest.class.getResourceAsStream("scrape.txt")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }
}
