package dev.healthcheck.examples.springboot;

import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.http.HealthFormat;
import dev.healthcheck.servlet.HealthServlet;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** The form of Spring Boot beside Spring Boot's own Actuator. */
class ActuatorTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static ConfigurableApplicationContext application;

    /** Not annotated: the scan of the application must not find it. */
    static class SameForm {
        @Bean
        ServletRegistrationBean<HealthServlet> sameForm(HealthCheckRegistry health) {
            HealthServlet servlet = HealthServlet.builder(health)
                    .format(HealthFormat.springBoot())
                    .build();
            var registration = new ServletRegistrationBean<>(servlet, "/same/*");
            registration.setName("same");
            return registration;
        }
    }

    @BeforeAll
    static void start() {
        Class<?>[] sources = {Application.class, SameForm.class};
        String[] settings = {
            "--server.port=0",
            "--draining.at-least=0s",
            "--draining.at-most=0s",
            "--management.health.redis.enabled=false",
            "--management.endpoint.health.probes.enabled=true" // the default of Spring Boot 4
        };
        application = SpringApplication.run(sources, settings);
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "*/*",
                "application/json",
                "application/vnd.spring-boot.actuator.v3+json",
                "application/vnd.spring-boot.actuator.v3+json, application/vnd.spring-boot.actuator.v2+json, "
                        + "application/vnd.spring-boot.actuator.v1+json, application/json",
                "application/json, application/vnd.spring-boot.actuator.v3+json",
                "application/json;q=0.9, application/vnd.spring-boot.actuator.v3+json",
                "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
                "application/json, text/plain, */*"
            })
    void the_media_type_is_that_of_actuator(String accept) throws Exception {
        for (String path : new String[] {"", "/liveness"}) {
            String original = contentType("/actuator/health" + path, accept);

            assertThat(original).contains("json");
            assertThat(contentType("/same" + path, accept))
                    .as("%s %s", path, accept)
                    .isEqualTo(original);
        }
    }

    @Test
    void a_liveness_answer_begins_as_that_of_actuator() throws Exception {
        assertThat(get("/actuator/health/liveness", null).body()).startsWith("{\"status\":\"UP\"");
        assertThat(get("/same/liveness", null).body()).startsWith("{\"status\":\"UP\"");
    }

    private static String contentType(String path, String accept) throws Exception {
        return get(path, accept).headers().firstValue("Content-Type").orElseThrow();
    }

    private static HttpResponse<String> get(String path, String accept) throws Exception {
        String port = application.getEnvironment().getProperty("local.server.port");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        if (accept != null) {
            request.header("Accept", accept);
        }
        return CLIENT.send(request.build(), ofString());
    }
}
