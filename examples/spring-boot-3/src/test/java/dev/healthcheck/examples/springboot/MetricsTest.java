package dev.healthcheck.examples.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.micrometer.HealthMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** The meters of the checks among those of Actuator. */
class MetricsTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    /** Not annotated: the scan of the application must not find it. */
    static class Metrics {
        @Bean
        HealthMetrics healthMetrics(HealthCheckRegistry health) {
            return new HealthMetrics(health);
        }
    }

    @Test
    void one_bean_brings_the_meters_to_actuator_and_spring_closes_it() throws Exception {
        Class<?>[] sources = {Application.class, Metrics.class};
        ConfigurableApplicationContext application = SpringApplication.run(sources, new String[] {
            "--server.port=0",
            "--draining.at-least=0s",
            "--draining.at-most=0s",
            "--management.endpoints.web.exposure.include=prometheus"
        });
        MeterRegistry meters = application.getBean(MeterRegistry.class);
        try {
            String port = application.getEnvironment().getProperty("local.server.port");
            String server = "http://localhost:" + port;

            await().untilAsserted(() -> {
                get(server + "/health/orders-db"); // the first connection may take longer than a run has
                assertThat(get(server + "/actuator/prometheus"))
                        .contains("health_check_status{check=\"orders-db\",status=\"up\"} 1.0");
            });
        } finally {
            application.close();
        }
        assertThat(meters.find("health.draining").meters()).isEmpty();
    }

    private static String get(String address) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address)).build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
}
