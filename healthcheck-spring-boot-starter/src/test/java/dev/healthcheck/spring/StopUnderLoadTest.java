package dev.healthcheck.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.testkit.Ports;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Applications that stop behind a load balancer while users send requests. */
@Tag("slow")
class StopUnderLoadTest {
    private final int port = Ports.free();
    private int managementPort = port;

    private ConfigurableApplicationContext start(WebApplicationType type, String... properties) {
        return new SpringApplicationBuilder(Application.class)
                .web(type)
                .properties(
                        "server.port=" + port,
                        "spring.main.banner-mode=off",
                        "healthcheck.drain.reports=2",
                        "healthcheck.drain.at-least=500ms")
                .properties(properties)
                .run();
    }

    private URI readiness() {
        return URI.create("http://localhost:" + managementPort + "/actuator/health/readiness");
    }

    /** Returns the number of requests that failed. */
    private int failedWhenStopped(ConfigurableApplicationContext context) throws Exception {
        try (Balancer balancer = new Balancer(readiness(), URI.create("http://localhost:" + port + "/work"))) {
            balancer.start();
            CompletableFuture<Void> closed = CompletableFuture.runAsync(context::close);
            balancer.awaitWithdrawn();
            closed.get();
            return balancer.failed.get();
        } finally {
            context.close();
        }
    }

    @Test
    void no_request_fails_also_after_the_application_was_stopped_and_paused() throws Exception {
        ConfigurableApplicationContext context = start(WebApplicationType.SERVLET);
        context.stop();
        context.start();
        assertThat(Balancer.status(readiness())).isEqualTo(200);
        ((AbstractApplicationContext) context).pause();
        ((AbstractApplicationContext) context).restart();
        assertThat(Balancer.status(readiness())).isEqualTo(200);

        assertThat(failedWhenStopped(context)).isZero();
    }

    @Test
    void no_request_fails_if_probes_have_a_port_of_their_own_and_the_server_stops_at_once() throws Exception {
        managementPort = Ports.free();

        assertThat(failedWhenStopped(start(
                        WebApplicationType.SERVLET,
                        "management.server.port=" + managementPort,
                        "server.shutdown=immediate")))
                .isZero();
    }

    @Test
    void no_request_to_WebFlux_fails() throws Exception {
        assertThat(failedWhenStopped(start(WebApplicationType.REACTIVE))).isZero();
    }

    /** So the tests above prove something. */
    @Test
    void requests_to_Spring_without_this_module_fail() throws Exception {
        assertThat(failedWhenStopped(start(
                        WebApplicationType.SERVLET,
                        "healthcheck.actuator.wrap=false",
                        "healthcheck.drain.enabled=false")))
                .isPositive();
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @RestController
    static class Application {
        @GetMapping("/work")
        String work() {
            return "done";
        }
    }
}
