package dev.healthcheck.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.healthcheck.HealthCheckRegistry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrpcHealthServiceTest {
    private final HealthCheckRegistry health = HealthCheckRegistry.create();

    @Test
    void it_is_the_service_that_probers_know() {
        assertThat(GrpcHealthService.of(health)
                        .bindService()
                        .getServiceDescriptor()
                        .getName())
                .isEqualTo("grpc.health.v1.Health");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "liveness", "readiness", "startup"})
    void a_service_of_one_s_own_cannot_have_the_name_of_a_probe(String name) {
        assertThatThrownBy(() -> GrpcHealthService.of(health, Map.of(name, List.of("orders-db"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("services: \"" + name + "\" (expected: not a name that stands for a probe)");
    }

    @Test
    void a_service_without_checks_would_be_serving_by_mistake() {
        assertThatThrownBy(() -> GrpcHealthService.of(health, Map.of("shop.v1.Orders", List.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("services: \"shop.v1.Orders\" (expected: with at least one check)");
    }
}
