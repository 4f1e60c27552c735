package dev.healthcheck.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.http.HealthEndpoint;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.MappingMatch;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The mount, the path and the links of a request by its mapping; with real containers they are in {@link PathsContract}. */
class RequestFactsTest {

    @ParameterizedTest
    @CsvSource({
        "/livez, /health/*, ./health/",
        "/internal/livez, /health/*, ../health/",
        "/livez, /internal/health/*, ./internal/health/",
        "/livez, /, ./",
        "/livez, /readyz,"
    })
    void the_way_home_from_an_exact_path_leads_to_the_prefix_if_there_is_one(String path, String pattern, String home) {
        assertHome(at(path, MappingMatch.EXACT, path, pattern), home);
    }

    @Test
    void the_way_home_from_the_prefix_itself_leads_into_it() {
        assertHome(at("/internal/health", MappingMatch.PATH, "/internal/health/*"), "./health/");
    }

    @Test
    void a_servlet_that_its_container_does_not_know_has_no_home() {
        assertHome(at("/livez", MappingMatch.EXACT), null);
    }

    private static void assertHome(HttpServletRequest request, String home) {
        try (HealthCheckRegistry registry = HealthCheckRegistry.create()) {
            String page = new String(
                    HealthEndpoint.of(registry).await(RequestFacts.of(request)).body(), UTF_8);

            if (home == null) {
                assertThat(page).doesNotContain("href=");
            } else {
                assertThat(page).contains("href=\"" + home);
            }
        }
    }

    /** Returns a request to a servlet registered with these patterns. Without patterns there is no registration. */
    private static HttpServletRequest at(String path, MappingMatch match, String... patterns) {
        Map<String, Object> context = new HashMap<>();
        if (patterns.length > 0) {
            context.put(
                    "getServletRegistration",
                    answering(ServletRegistration.class, Map.of("getMappings", List.of(patterns))));
        }
        return answering(
                HttpServletRequest.class,
                Map.of(
                        "getServletPath",
                        path,
                        "getMethod",
                        "GET",
                        "getContextPath",
                        "",
                        "getServletContext",
                        answering(ServletContext.class, context),
                        "getHeaders",
                        Collections.enumeration(List.of("text/html")),
                        "getHttpServletMapping",
                        answering(
                                HttpServletMapping.class,
                                Map.of("getMappingMatch", match, "getServletName", "health"))));
    }

    /** Returns a proxy that answers these methods, and null to all others. */
    private static <T> T answering(Class<T> type, Map<String, ?> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> answers.get(method.getName())));
    }
}
