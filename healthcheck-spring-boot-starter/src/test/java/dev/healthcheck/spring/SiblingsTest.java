package dev.healthcheck.spring;

import static dev.healthcheck.spring.Contexts.endpoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.testkit.Patience;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** Contexts whose parent has the registry, as {@code SpringApplicationBuilder.parent(...).child(...)} makes them. */
@Tag("slow")
class SiblingsTest {
    private static final HealthIndicator UP = () -> Health.up().build();
    private static final HealthIndicator DOWN = () -> Health.down().build();

    @Test
    void a_context_shows_its_own_checks_and_those_of_the_parent_but_none_of_a_sibling() {
        new ApplicationContextRunner()
                .withBean(HealthCheckRegistry.class, () -> Patience.builder().build())
                .run(parent -> siblingOf(parent)
                        .withBean("orders", HealthIndicator.class, () -> DOWN)
                        .withBean("backlogHealthCheck", HealthCheck.class, () -> () -> CheckResult.down("full"))
                        .run(a -> {
                            siblingOf(parent)
                                    .withBean("queueHealthCheck", HealthCheck.class, () -> CheckResult::up)
                                    .run(b -> {
                                        parent.getBean(HealthCheckRegistry.class)
                                                .register("shared", CheckResult::up);
                                        awaitShown(b, "diskSpace", "ping", "queue", "same", "shared");
                                        awaitShown(a, "backlog", "diskSpace", "orders", "ping", "same", "shared");
                                        assertThat(endpoint(b).health().getStatus())
                                                .isEqualTo(Status.UP);
                                    });
                            assertThat(parent.getBean(HealthCheckRegistry.class).names())
                                    .containsExactlyInAnyOrder("backlog", "diskSpace", "orders", "same", "shared");
                        }));
    }

    @Test
    void a_child_shows_its_checks_once_in_the_endpoint_of_its_parent() {
        Contexts.actuator().run(parent -> {
            siblingOf(parent)
                    .withBean("queueHealthCheck", HealthCheck.class, () -> CheckResult::up)
                    .run(child -> {
                        parent.getBean(HealthCheckRegistry.class).register("shared", CheckResult::up);
                        awaitShown(child, "diskSpace", "ping", "queue", "shared");
                        awaitShown(parent, "diskSpace", "ping", "queue", "shared");
                        assertThat(parent.getBean(HealthCheckRegistry.class).names())
                                .containsExactlyInAnyOrder("diskSpace", "queue", "shared");
                    });
            await().untilAsserted(() -> assertThat(shown(parent)).doesNotContain("queue"));
        });
    }

    private static ApplicationContextRunner siblingOf(AssertableApplicationContext parent) {
        return Contexts.actuator()
                .withParent(parent.getSourceApplicationContext())
                .withBean("same", HealthIndicator.class, () -> UP);
    }

    /** The events of a registry come one after the other, so no event is left when the last check is shown. */
    private static void awaitShown(ApplicationContext context, String... names) {
        await().untilAsserted(() -> assertThat(shown(context)).contains("shared"));
        assertThat(shown(context)).containsExactlyInAnyOrder(names);
    }

    private static Set<String> shown(ApplicationContext context) {
        return ((CompositeHealthDescriptor) endpoint(context).health())
                .getComponents()
                .keySet();
    }
}
