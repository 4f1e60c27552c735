package dev.healthcheck.admin;

import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import de.codecentric.boot.admin.server.config.EnableAdminServer;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What Spring Boot Admin shows of an application with {@code HealthFormat.springBoot()}, read by its own API. The page of an
 * instance shows what {@code /instances/{id}} has, and reads a group when somebody opens it.
 */
@Timeout(60) // seconds
class SpringBootAdminTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final JsonMapper JSON = JsonMapper.shared();

    /** As the pages of Spring Boot Admin ask. */
    private static final String ACCEPTED =
            "application/vnd.spring-boot.actuator.v3+json,application/vnd.spring-boot.actuator.v2+json,"
                    + "application/vnd.spring-boot.actuator.v1+json,application/json";

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(20);
    private static ConfigurableApplicationContext admin;

    @TempDir
    private Path folder;

    private final HealthCheckRegistry health = HealthCheckRegistry.builder()
            .defaults(o -> o.cacheFor(Duration.ZERO))
            .build();
    private volatile CheckResult database = CheckResult.up();
    private volatile CheckResult cache = CheckResult.up();
    private Application application;
    private String id;

    @EnableAdminServer
    @EnableAutoConfiguration
    static class Admin {}

    @BeforeAll
    static void startAdmin() {
        admin = start("status-only"); // the default
    }

    private static ConfigurableApplicationContext start(String detection) {
        return SpringApplication.run(
                Admin.class,
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--spring.boot.admin.monitor.status-change-detection-strategy=" + detection,
                "--spring.boot.admin.monitor.status-interval=100ms",
                "--spring.boot.admin.monitor.status-lifetime=10ms",
                "--spring.boot.admin.monitor.status-max-backoff=100ms",
                "--spring.boot.admin.monitor.timeout.health=10s"); // by default the interval
    }

    @AfterAll
    static void stopAdmin() {
        admin.close();
    }

    @BeforeEach
    void registerApplication() throws Exception {
        health.register("orders-db", () -> database);
        health.register("cache", () -> cache, o -> o.optional());
        application = Application.start(health, folder);
        id = register(admin);
    }

    /** Returns the id of the instance. */
    private String register(ConfigurableApplicationContext server) throws Exception {
        String registration = """
                {"name": "orders", "healthUrl": "%s"}
                """.formatted(application.healthUrl());
        HttpRequest.Builder request = request(server, "/instances")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(registration));
        return JSON.readTree(send(request).body()).at("/id").asString("");
    }

    @AfterEach
    void stopApplication() throws Exception {
        send(request(admin, "/instances/" + id).DELETE());
        application.close();
        health.close();
    }

    @Test
    void an_instance_that_is_up_shows_each_check() throws Exception {
        eventually(() -> {
            JsonNode shown = instance();
            assertThat(shown.at("/status").asString("")).isEqualTo("UP");
            assertCheck(shown.at("/details/orders-db"), "UP", null);
            assertCheck(shown.at("/details/cache"), "UP", null);
        });
        eventually(() -> assertThat(applicationStatus()).isEqualTo("UP"));
        assertThat(read("/instances").valueStream().map(one -> one.at("/id").asString("")))
                .contains(id);
    }

    /** The status stays, so the page keeps the check as it was. */
    @Test
    void an_optional_check_that_is_down_shows_in_an_opened_group() {
        eventually(() -> assertThat(instance().at("/status").asString("")).isEqualTo("UP"));

        cache = CheckResult.down("gone").withReason("unreachable");

        eventually(() -> {
            JsonNode group = read("/instances/" + id + "/actuator/health/readiness");
            assertThat(group.at("/status").asString("")).isEqualTo("UP");
            assertCheck(group.at("/components/orders-db"), "UP", null);
            assertCheck(group.at("/components/cache"), "DOWN", "unreachable");
        });
        eventually(() -> assertCheck(instance().at("/details/cache"), "UP", null));
    }

    @Test
    void with_full_detection_an_optional_check_that_is_down_shows_on_the_page() throws Exception {
        cache = CheckResult.down("gone").withReason("unreachable");
        try (ConfigurableApplicationContext full = start("full")) {
            String there = register(full);
            eventually(() -> assertCheck(instance(full, there).at("/details/cache"), "DOWN", "unreachable"));

            cache = CheckResult.up();

            eventually(() -> assertCheck(instance(full, there).at("/details/cache"), "UP", null));
            assertThat(instance(full, there).at("/status").asString("")).isEqualTo("UP");
        }
    }

    @Test
    void a_required_check_that_is_down_is_down_with_its_reason() {
        eventually(() -> assertThat(instance().at("/status").asString("")).isEqualTo("UP"));

        database = CheckResult.down("refused").withReason("unreachable");

        eventually(() -> {
            JsonNode shown = instance();
            assertThat(shown.at("/status").asString("")).isEqualTo("DOWN");
            assertCheck(shown.at("/details/orders-db"), "DOWN", "unreachable");
            assertCheck(shown.at("/details/cache"), "UP", null);
        });
        eventually(() -> assertThat(applicationStatus()).isEqualTo("DOWN"));
    }

    @Test
    void an_instance_that_drains_is_out_of_service_with_all_checks_up() {
        eventually(() -> assertThat(instance().at("/status").asString("")).isEqualTo("UP"));

        health.drain();

        eventually(() -> {
            JsonNode shown = instance();
            assertThat(shown.at("/status").asString("")).isEqualTo("OUT_OF_SERVICE");
            assertCheck(shown.at("/details/readinessState"), "OUT_OF_SERVICE", "draining");
            assertCheck(shown.at("/details/orders-db"), "UP", null);
            assertCheck(shown.at("/details/cache"), "UP", null);
        });
        eventually(() -> assertThat(applicationStatus()).isEqualTo("OUT_OF_SERVICE"));
    }

    @Test
    void an_instance_that_has_stopped_is_offline() throws Exception {
        eventually(() -> assertThat(instance().at("/status").asString("")).isEqualTo("UP"));

        application.close();

        eventually(() -> assertThat(instance().at("/status").asString("")).isEqualTo("OFFLINE"));
        eventually(() -> assertThat(applicationStatus()).isEqualTo("OFFLINE"));
    }

    @Test
    void the_page_has_the_groups_of_an_actuator() {
        eventually(() ->
                assertThat(read("/instances/" + id + "/health-groups")).hasToString("[\"liveness\",\"readiness\"]"));
    }

    private static void assertCheck(JsonNode check, String status, String reason) {
        assertThat(check.at("/status").asString("")).isEqualTo(status);
        assertThat(check.at("/details/reason").asString(null)).isEqualTo(reason);
    }

    private static void eventually(ThrowingRunnable assertion) {
        await().atMost(PATIENCE).pollInterval(POLL).untilAsserted(assertion);
    }

    /** Returns status and details, as they were taken over. */
    private JsonNode instance() throws Exception {
        return instance(admin, id);
    }

    private static JsonNode instance(ConfigurableApplicationContext server, String id) throws Exception {
        return read(server, "/instances/" + id).at("/statusInfo");
    }

    private static String applicationStatus() throws Exception {
        return read("/applications/orders").at("/status").asString("");
    }

    private static JsonNode read(String path) throws Exception {
        return read(admin, path);
    }

    private static JsonNode read(ConfigurableApplicationContext server, String path) throws Exception {
        return JSON.readTree(
                send(request(server, path).header("Accept", ACCEPTED)).body());
    }

    private static HttpRequest.Builder request(ConfigurableApplicationContext server, String path) {
        String port = server.getEnvironment().getProperty("local.server.port");
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), ofString());
    }
}
