package dev.healthcheck.springdata;

import static dev.healthcheck.testkit.Patience.assertAnsweredWithin;
import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.testkit.TcpProxy;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** An application with a pool to a real server, behind a network that breaks. */
class PostgresTest {
    private static final Duration BUDGET = Duration.ofMillis(900);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static EmbeddedPostgres server;
    private static TcpProxy network;
    private static ConfigurableApplicationContext application;

    @BeforeAll
    static void start() throws Exception {
        server = EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(
                        Path.of("target", "postgres").toAbsolutePath().toFile())
                .setServerConfig("fsync", "off")
                .start();
        network = TcpProxy.to(server.getPort());
        application = SpringApplication.run(
                Applications.Application.class,
                "--server.port=0",
                "--spring.datasource.url=jdbc:postgresql://localhost:" + network.port() + "/postgres",
                "--spring.datasource.username=postgres",
                "--management.endpoint.health.show-details=always",
                "--management.health.redis.enabled=false",
                "--healthcheck.checks.db.cache-for=0s",
                "--healthcheck.drain.enabled=false");
        awaitUp();
    }

    @AfterAll
    static void stop() throws Exception {
        application.close();
        network.close();
        server.close();
    }

    @AfterEach
    void heal() throws Exception {
        network.heal();
        awaitUp();
    }

    private static void awaitUp() {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> ask("/actuator/health/db"), answer -> answer.statusCode() == 200);
    }

    @Test
    void a_database_that_answers_is_named() {
        await().untilAsserted(() -> assertThat(ask("/actuator/health/db").body())
                .contains("\"database\":\"PostgreSQL ", "\"validationQuery\":\"isValid()\""));
    }

    @Test
    void a_database_that_is_silent_is_told_in_time() throws Exception {
        network.freeze();

        assertUnreachable();
        assertUnreachable();
    }

    @Test
    void a_database_that_is_gone_is_told_in_time() throws Exception {
        network.refuse();

        assertUnreachable();
        assertUnreachable();
    }

    private static void assertUnreachable() throws Exception {
        HttpResponse<String> answer = assertAnsweredWithin(BUDGET, () -> ask("/actuator/health"));

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body())
                .contains("\"db\":{\"details\":{", "\"reason\":\"unreachable\"", "\"ping\":{\"status\":\"UP\"}");
    }

    private static HttpResponse<String> ask(String path) throws Exception {
        String port = application.getEnvironment().getProperty("local.server.port");
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        return CLIENT.send(HttpRequest.newBuilder(uri).build(), ofString());
    }
}
