package dev.healthcheck.bridges;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Probe;
import dev.healthcheck.testkit.Patience;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.RequestScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.CDI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.jboss.weld.environment.se.Weld;
import org.jboss.weld.environment.se.WeldContainer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MicroProfileBridgeTest {
    private static final AtomicInteger CREATED = new AtomicInteger();

    private static volatile boolean up = true;

    private final HealthCheckRegistry health = Patience.builder()
            .defaults(o -> o.timeout(Duration.ofSeconds(30)).cacheFor(Duration.ZERO))
            .build();

    // recipe
    static void register(HealthCheckRegistry health, Instance<HealthCheck> beans, Probe probe) {
        for (HealthCheck bean : beans) { // looked up once: each look-up makes a new object of a dependent bean
            health.register(bean.call().getName(), () -> resultOf(bean.call()), o -> o.probes(probe));
        }
    }

    static CheckResult resultOf(HealthCheckResponse response) {
        boolean isUp = response.getStatus() == HealthCheckResponse.Status.UP;
        CheckResult result = isUp ? CheckResult.up() : CheckResult.down(response.getName());
        for (Map.Entry<String, Object> datum :
                response.getData().orElse(Map.of()).entrySet()) {
            result = result.withDetail(datum.getKey(), datum.getValue());
        }
        return result;
    }
    // end of recipe

    @AfterEach
    void close() {
        health.close();
        up = true;
    }

    @Test
    void a_liveness_bean_is_a_check_of_liveness_with_its_data_as_details() {
        try (var beans = beans(Dependent.class)) {
            assertThat(beans.isRunning()).isTrue(); // CDI.current() is this container
            // recipe
            register(health, CDI.current().select(HealthCheck.class, Liveness.Literal.INSTANCE), Probe.LIVENESS);
            // end of recipe

            assertThat(health.check(Probe.LIVENESS).status()).hasToString("UP");
            assertThat(health.check("queue").orElseThrow().details()).containsEntry("waiting", 3L);
            assertThat(health.check(Probe.READINESS).checks()).isEmpty();

            up = false;
            assertThat(health.check(Probe.LIVENESS).status()).hasToString("DOWN");
        }
    }

    @Test
    void a_dependent_bean_is_created_once_however_often_it_is_asked() {
        CREATED.set(0);
        try (var beans = beans(Dependent.class)) {
            register(health, beans.select(HealthCheck.class, Liveness.Literal.INSTANCE), Probe.LIVENESS);
            for (int i = 0; i < 50; i++) {
                assertThat(health.check("queue").orElseThrow().status()).hasToString("UP");
            }

            assertThat(CREATED).hasValue(1);
        }
    }

    @Test
    void a_bean_of_the_application_is_asked_from_a_thread_of_the_registry() {
        try (var beans = beans(OfApplication.class)) {
            register(health, beans.select(HealthCheck.class, Liveness.Literal.INSTANCE), Probe.LIVENESS);

            assertThat(health.check("application").orElseThrow().status()).hasToString("UP");
        }
    }

    @Test
    void a_bean_of_a_request_is_down_because_a_check_has_no_request() {
        try (var beans = beans(OfRequest.class)) {
            HealthCheck bean =
                    beans.select(HealthCheck.class, Liveness.Literal.INSTANCE).get();
            health.register("request", () -> resultOf(bean.call()), o -> o.probes(Probe.LIVENESS));

            var report = health.check("request").orElseThrow();
            assertThat(report.reason()).isEqualTo("threw");
            assertThat(report.error()).contains("ContextNotActiveException");
        }
    }

    private static WeldContainer beans(Class<?> bean) {
        return new Weld().disableDiscovery().beanClasses(bean).initialize();
    }

    @Liveness
    @jakarta.enterprise.context.Dependent
    static class Dependent implements HealthCheck {
        Dependent() {
            CREATED.incrementAndGet();
        }

        @Override
        public HealthCheckResponse call() {
            return HealthCheckResponse.named("queue")
                    .status(up)
                    .withData("waiting", 3)
                    .build();
        }
    }

    @Liveness
    @ApplicationScoped
    static class OfApplication implements HealthCheck {
        @Override
        public HealthCheckResponse call() {
            return HealthCheckResponse.up("application");
        }
    }

    @Liveness
    @RequestScoped
    static class OfRequest implements HealthCheck {
        @Override
        public HealthCheckResponse call() {
            return HealthCheckResponse.up("request");
        }
    }
}
