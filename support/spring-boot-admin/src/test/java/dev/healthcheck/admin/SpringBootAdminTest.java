package dev.healthcheck.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
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
import tools.jackson.databind.JsonNode;

/**
 * What Spring Boot Admin shows of an application with {@code HealthFormat.springBoot()}, read by its own API. The page of an
 * instance shows what {@code /instances/{id}} has, and reads a group when somebody opens it.
 */
@Timeout(60) // seconds
class SpringBootAdminTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(20);
    private static AdminServer admin;

    @TempDir
    private Path folder;

    private final HealthCheckRegistry health = HealthCheckRegistry.builder()
            .defaults(o -> o.cacheFor(Duration.ZERO))
            .build();
    private volatile CheckResult database = CheckResult.up();
    private volatile CheckResult cache = CheckResult.up();
    private Application application;
    private String id;

    @BeforeAll
    static void startAdmin() {
        admin = AdminServer.start("status-only"); // the default
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
        id = admin.register("orders", application.healthUrl());
    }

    @AfterEach
    void stopApplication() throws Exception {
        admin.remove(id);
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
        try (AdminServer full = AdminServer.start("full")) {
            String there = full.register("orders", application.healthUrl());
            eventually(() -> assertCheck(full.instance(there).at("/details/cache"), "DOWN", "unreachable"));

            cache = CheckResult.up();

            eventually(() -> assertCheck(full.instance(there).at("/details/cache"), "UP", null));
            assertThat(full.instance(there).at("/status").asString("")).isEqualTo("UP");
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

    private JsonNode instance() throws Exception {
        return admin.instance(id);
    }

    private static String applicationStatus() throws Exception {
        return admin.read("/applications/orders").at("/status").asString("");
    }

    private static JsonNode read(String path) throws Exception {
        return admin.read(path);
    }
}
