package dev.healthcheck.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Spring Boot Admin shows an application with the starter as it shows the same application without it. */
@Timeout(60) // seconds
class StarterUnderAdminTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static AdminServer admin;
    private static Instance plain;
    private static Instance wrapped;

    @BeforeAll
    static void start() throws Exception {
        admin = AdminServer.start("full"); // shows a change of details although the status stays
        plain = Instance.start("plain", "--healthcheck.enabled=false");
        wrapped = Instance.start("wrapped", "--healthcheck.enabled=true");
    }

    @AfterAll
    static void stop() {
        plain.context.close();
        wrapped.context.close();
        admin.close();
    }

    @ParameterizedTest
    @CsvSource({"UP, UP", "DOWN, DOWN", "OUT_OF_SERVICE, OUT_OF_SERVICE", "DEGRADED, UP", "WARNING, UP", "UNKNOWN, UP"})
    void status_and_details_are_the_same(String orders, String whole) {
        Health health = Health.status(orders)
                .withDetail("waiting", 17)
                .withDetail("queue", new Queue("orders", List.of(1, 2)))
                .build();
        both(instance -> instance.context.getBean(Application.class).orders.set(health));

        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode shown = plain.shown();
            assertThat(shown.at("/status").asString("")).isEqualTo(whole);
            assertThat(shown.at("/details/orders/status").asString("")).isEqualTo(orders);
            assertThat(withoutBlock(wrapped.shown())).isEqualTo(shown);
        });
    }

    @Test
    void a_failure_shows_what_the_registry_adds() {
        both(instance -> instance.context
                .getBean(Application.class)
                .orders
                .set(Health.down().build()));

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(wrapped.shown()
                        .at("/details/orders/details/healthcheck/ref")
                        .asString(""))
                .isNotEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health-groups", "/actuator/health/liveness", "/actuator/health/readiness"})
    void groups_are_the_same(String path) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode shown = admin.read("/instances/" + plain.id + path);
            assertThat(shown).isNotEmpty();
            assertThat(admin.read("/instances/" + wrapped.id + path)).isEqualTo(shown);
        });
    }

    private static void both(Consumer<Instance> step) {
        List.of(plain, wrapped).forEach(step);
    }

    private static JsonNode withoutBlock(JsonNode shown) {
        ((ObjectNode) shown.at("/details/orders/details")).remove("healthcheck");
        return shown;
    }

    private record Instance(ConfigurableApplicationContext context, String id) {

        static Instance start(String name, String property) throws Exception {
            ConfigurableApplicationContext context = SpringApplication.run(
                    Application.class,
                    property,
                    "--server.port=0",
                    "--server.address=127.0.0.1",
                    "--spring.boot.admin.server.enabled=false",
                    "--healthcheck.drain.enabled=false", // or it would wait for Spring Boot Admin at the end
                    "--management.health.diskspace.enabled=false", // of which the free space changes
                    "--management.endpoint.health.show-details=always");
            String port = context.getEnvironment().getProperty("local.server.port");
            return new Instance(context, admin.register(name, "http://127.0.0.1:" + port + "/actuator/health"));
        }

        JsonNode shown() throws Exception {
            return admin.instance(id);
        }
    }

    /** A detail that is an object. */
    record Queue(String name, List<Integer> consumers) {}

    @EnableAutoConfiguration
    static class Application {
        final AtomicReference<Health> orders = new AtomicReference<>(Health.up().build());

        @Bean
        HealthIndicator orders() {
            return orders::get;
        }
    }
}
