package dev.healthcheck.examples.springboot;

import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import jakarta.servlet.Filter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.web.HttpRequestHandler;

/** The endpoint behind Spring Security: it needs no token, and a token with a role shows more. */
class SecurityTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static ConfigurableApplicationContext application;

    /** Not annotated: the scan of the application must not find it. */
    static class Returns {
        /** One permit for each request that the servlet has suspended. */
        private final Semaphore suspended = new Semaphore(0);

        /** The innermost filter. */
        @Bean
        FilterRegistrationBean<Filter> countsSuspendedRequests() {
            var registration = new FilterRegistrationBean<Filter>((request, response, chain) -> {
                chain.doFilter(request, response);
                if (request.isAsyncStarted()) {
                    suspended.release();
                }
            });
            registration.setAsyncSupported(true);
            return registration;
        }

        @Bean("/orders")
        HttpRequestHandler orders() {
            return (request, response) -> response.setStatus(204);
        }
    }

    @BeforeAll
    static void start() {
        Class<?>[] sources = {Application.class, Returns.class};
        String[] settings = {"--server.port=0", "--draining.at-least=0s", "--draining.at-most=0s"};
        application = SpringApplication.run(sources, settings);
        HealthCheckRegistry health = application.getBean(HealthCheckRegistry.class);
        Semaphore suspended = application.getBean(Returns.class).suspended;
        health.register("waited", () -> limps(suspended), o -> o.cacheFor(Duration.ZERO));
        health.register("fresh", () -> CheckResult.degraded("limps on db-17"), o -> o.cacheFor(ofMinutes(10)));
        assertThat(health.check("fresh")).isPresent();
    }

    /** Ends only after the servlet has returned. */
    private static CheckResult limps(Semaphore suspended) throws InterruptedException {
        suspended.acquire();
        return CheckResult.degraded("limps on db-17");
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @ParameterizedTest
    @CsvSource({
        "fresh, none, false",
        "fresh, unknown, false",
        "fresh, customer, false",
        "fresh, operator, true",
        "waited, none, false",
        "waited, unknown, false",
        "waited, customer, false",
        "waited, operator, true"
    })
    void an_answer_needs_no_token_and_shows_details_to_a_role(String check, String token, boolean details) {
        // again, because on a busy machine a run may miss its deadline
        await().untilAsserted(() -> {
            HttpResponse<String> response = get("/health/" + check, token);

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).startsWith("{\"status\":\"DEGRADED\"");
            assertThat(response.body().contains("db-17")).isEqualTo(details);
        });
    }

    @Test
    void everything_else_needs_a_token() throws Exception {
        assertThat(get("/orders", "none").statusCode()).isEqualTo(403);
        assertThat(get("/orders", "unknown").statusCode()).isEqualTo(403);
        assertThat(get("/orders", "customer").statusCode()).isEqualTo(204);
    }

    private static HttpResponse<String> get(String path, String token) throws Exception {
        String port = application.getEnvironment().getProperty("local.server.port");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        if (!token.equals("none")) {
            request.header("Authorization", "Bearer " + token);
        }
        return CLIENT.send(request.build(), ofString());
    }
}
