package dev.healthcheck.spring;

import static dev.healthcheck.spring.Answers.ask;
import static dev.healthcheck.spring.Answers.get;
import static dev.healthcheck.spring.Answers.header;
import static dev.healthcheck.testkit.RawHttp.head;
import static dev.healthcheck.testkit.RawHttp.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.http.HealthEndpoint;
import dev.healthcheck.testkit.Patience;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.tomcat.autoconfigure.reactive.TomcatReactiveWebServerAutoConfiguration;
import org.springframework.boot.web.server.context.ServerPortInfoApplicationContextInitializer;
import org.springframework.boot.web.server.reactive.context.AnnotationConfigReactiveWebServerApplicationContext;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** An application of WebFlux without Actuator. */
@Tag("slow")
class OwnWebFluxTest {
    private static final String[] ACTUATOR = {"org.springframework.boot.actuate", "org.springframework.boot.health"};

    private static ReactiveWebApplicationContextRunner application(Class<?> server) {
        return new ReactiveWebApplicationContextRunner(AnnotationConfigReactiveWebServerApplicationContext::new)
                .withInitializer(new ServerPortInfoApplicationContextInitializer())
                .withPropertyValues("server.port=0", "spring.application.name=orders")
                .withBean(HealthCheckRegistry.class, () -> Patience.builder()
                        .defaults(o -> o.timeout(Duration.ofSeconds(30)).cacheFor(Duration.ZERO))
                        .build())
                .withBean(
                        "ordersHealthCheck",
                        HealthCheck.class,
                        () -> () -> CheckResult.degraded("10.0.0.1 is slow").withReason("slow"))
                .withConfiguration(AutoConfigurations.of(
                        HealthcheckActuatorAutoConfiguration.class,
                        HealthcheckAutoConfiguration.class,
                        HttpHandlerAutoConfiguration.class,
                        WebFluxAutoConfiguration.class,
                        server));
    }

    private static ReactiveWebApplicationContextRunner withoutActuator(Class<?> server) {
        return application(server).withClassLoader(new FilteredClassLoader(ACTUATOR));
    }

    @ParameterizedTest
    @ValueSource(
            classes = {NettyReactiveWebServerAutoConfiguration.class, TomcatReactiveWebServerAutoConfiguration.class})
    void probes_are_answered(Class<?> server) {
        withoutActuator(server).run(context -> {
            for (String path : new String[] {
                "/health", "/health/", "/health/ready", "/health/live", "/health/%6Frders", "/livez", "/readyz"
            }) {
                assertThat(get(context, path).statusCode()).as(path).isEqualTo(200);
            }
            assertThat(get(context, "/health").body())
                    .contains("\"service\":{\"name\":\"orders\"}", "\"reason\":\"slow\"")
                    .doesNotContain("10.0.0.1");
            assertThat(get(context, "/health/nosuch").statusCode()).isEqualTo(404);
            assertThat(header(ask(context, "POST", "/readyz"), "allow")).isEqualTo("GET, HEAD");
            assertThat(header(get(context, "/health", "Accept", "text/plain"), "content-type"))
                    .startsWith("text/plain");
            assertThat(get(context, "/livez", "Accept", "text/html").body()).contains("href=\"./health/");

            context.getBean(HealthCheckRegistry.class).drain();
            assertThat(get(context, "/readyz").statusCode()).isEqualTo(503);
            assertThat(get(context, "/livez").statusCode()).isEqualTo(200);
        });
    }

    /** Reactor Netty may forget the second request if another thread than its own finishes the first answer. */
    @ParameterizedTest
    @ValueSource(
            classes = {NettyReactiveWebServerAutoConfiguration.class, TomcatReactiveWebServerAutoConfiguration.class})
    void a_request_after_HEAD_on_the_same_connection_is_answered(Class<?> server) {
        withoutActuator(server).run(context -> {
            for (int i = 0; i < 200; i++) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), Answers.port(context))) {
                    socket.setSoTimeout(
                            (int) Patience.patiently(Duration.ofSeconds(5)).toMillis());
                    send(socket, "HEAD /health HTTP/1.1\r\nHost: a\r\n\r\n");
                    assertThat(head(socket)).startsWith("HTTP/1.1 200");
                    send(socket, "GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
                    assertThat(head(socket)).startsWith("HTTP/1.1 200");
                    assertThat(socket.getInputStream().readAllBytes()).startsWith('{');
                }
            }
        });
    }

    @Test
    void probes_are_answered_without_Reactor_Netty() {
        application(TomcatReactiveWebServerAutoConfiguration.class)
                .withClassLoader(new FilteredClassLoader(
                        "org.springframework.boot.actuate", "org.springframework.boot.health", "reactor.netty"))
                .run(context -> assertThat(get(context, "/readyz").statusCode()).isEqualTo(200));
    }

    @Test
    void a_controller_of_the_application_keeps_its_path() {
        withoutActuator(TomcatReactiveWebServerAutoConfiguration.class)
                .withUserConfiguration(WithController.class)
                .run(context -> {
                    assertThat(get(context, "/livez").body()).isEqualTo("mine");
                    assertThat(get(context, "/readyz").statusCode()).isEqualTo(200);
                });
    }

    @Test
    void beside_Actuator_the_endpoint_answers_only_if_a_property_says_so() {
        application(TomcatReactiveWebServerAutoConfiguration.class)
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(HealthEndpoint.class));
        application(TomcatReactiveWebServerAutoConfiguration.class)
                .withPropertyValues("healthcheck.servlet.enabled=true", "healthcheck.servlet.path=/internal")
                .run(context -> {
                    assertThat(get(context, "/internal/ready").statusCode()).isEqualTo(200);
                    assertThat(get(context, "/livez").statusCode()).isEqualTo(404);
                });
    }

    @Test
    void roles_stop_the_start_because_WebFlux_does_not_tell_them() {
        withoutActuator(TomcatReactiveWebServerAutoConfiguration.class)
                .withPropertyValues("healthcheck.servlet.show-details-to-roles=OPERATOR")
                .run(context -> assertThat(new InvalidSettingsFailureAnalyzer()
                                .analyze(context.getStartupFailure())
                                .getDescription())
                        .isEqualTo("healthcheck.servlet.show-details-to-roles: [OPERATOR]"
                                + " (expected: an application with servlets, and not WebFlux)"));
    }

    @Configuration(proxyBeanMethods = false)
    @RestController
    static class WithController {

        @GetMapping("/livez")
        String livez() {
            return "mine";
        }
    }
}
