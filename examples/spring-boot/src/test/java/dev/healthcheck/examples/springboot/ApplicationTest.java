package dev.healthcheck.examples.springboot;

import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

class ApplicationTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static ConfigurableApplicationContext application;

    @BeforeAll
    static void start() {
        application = SpringApplication.run(
                Application.class,
                "--server.port=0",
                "--management.endpoint.health.show-details=always",
                "--healthcheck.checks.backlog.cache-for=0s");
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    void actuator_shows_the_check_beside_its_own() throws Exception {
        HttpResponse<String> answer = get("/actuator/health");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .startsWith(
                        "{\"components\":{\"backlog\":{\"details\":{\"waiting\":0},\"status\":\"UP\"},\"db\":{\"details\":")
                .contains("\"diskSpace\":")
                .endsWith("\"status\":\"UP\"}");
    }

    @Test
    void readiness_asks_the_database_and_the_backlog() throws Exception {
        assertThat(get("/actuator/health/readiness").body())
                .contains("\"backlog\":", "\"db\":", "\"readinessState\":")
                .doesNotContain("\"diskSpace\":");
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
        assertThat(get("/livez").body()).doesNotContain("\"db\":");
    }

    @Test
    void a_backlog_is_shown_and_takes_no_instance_out() throws Exception {
        ThreadPoolTaskExecutor tasks = application.getBean(ThreadPoolTaskExecutor.class);
        CountDownLatch end = new CountDownLatch(1);
        for (int i = 0; i < tasks.getCorePoolSize() + 1_000; i++) {
            tasks.submit(() -> {
                end.await();
                return null;
            });
        }
        try {
            HttpResponse<String> answer = get("/actuator/health/readiness");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body())
                    .contains("\"waiting\":1000", "\"reason\":\"backlog\"", "\"status\":\"DEGRADED\"")
                    .endsWith("\"status\":\"UP\"}");
        } finally {
            end.countDown();
        }
    }

    private static HttpResponse<String> get(String path) throws Exception {
        String port = application.getEnvironment().getProperty("local.server.port");
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        return CLIENT.send(request, ofString());
    }
}
