package dev.healthcheck.examples.springboot;

import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The application on a port, without a Redis. */
class ApplicationTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private ConfigurableApplicationContext application;

    @BeforeEach
    void start() throws Exception {
        application = SpringApplication.run(
                Application.class,
                "--server.port=0",
                "--spring.data.redis.port=" + freePort(),
                "--draining.at-least=0s",
                "--draining.at-most=5s");
    }

    @AfterEach
    void stop() {
        application.close();
    }

    @Test
    void it_is_ready_though_the_cache_is_away() throws Exception {
        becomesReady();

        assertThat(get("/health/ready").body())
                .startsWith("{\"status\":\"DEGRADED\",\"probe\":\"ready\",")
                .contains("\"service\":{\"name\":\"orders\",\"version\":\"1.4.2\"}")
                .contains("\"orders-db\":{\"status\":\"UP\",\"required\":true,")
                .contains("\"cache\":{\"status\":\"DOWN\",\"required\":false,");
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
        assertThat(get("/livez").statusCode()).isEqualTo(200);
        assertThat(get("/health/nosuch").statusCode()).isEqualTo(404);
    }

    @Test
    void it_says_that_it_drains_before_the_web_server_stops() throws Exception {
        becomesReady();

        CompletableFuture<Void> stopped = CompletableFuture.runAsync(application::close);

        await().untilAsserted(() -> {
            HttpResponse<String> ready = get("/health/ready");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).contains("\"reason\":\"draining\"");
        });
        assertThat(get("/livez").statusCode()).isEqualTo(200);
        assertThat(stopped).isNotDone();
        await().until(() -> isRefused("/health/ready"));
        stopped.get(10, TimeUnit.SECONDS);
    }

    /** Spring's pool opens its first connection when it is first asked, which may take longer than a check. */
    private void becomesReady() {
        await().untilAsserted(
                        () -> assertThat(get("/health/ready").statusCode()).isEqualTo(200));
    }

    private boolean isRefused(String path) throws Exception {
        try {
            get(path);
            return false;
        } catch (ConnectException e) {
            return true;
        }
    }

    private HttpResponse<String> get(String path) throws Exception {
        String port = application.getEnvironment().getProperty("local.server.port");
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        return client.send(request, ofString());
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
