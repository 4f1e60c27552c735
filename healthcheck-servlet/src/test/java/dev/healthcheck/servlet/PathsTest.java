package dev.healthcheck.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.Probe;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.MappingMatch;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The paths alone; with real containers they are in {@link HealthServletContract}. */
class PathsTest {

    @ParameterizedTest
    @CsvSource({
        "'',",
        "/,",
        "/live, LIVENESS",
        "/liveness, LIVENESS",
        "/ready, READINESS",
        "/readiness, READINESS",
        "/startup, STARTUP",
        "/started, STARTUP"
    })
    void below_the_prefix_is_everything_or_a_probe(String path, Probe probe) {
        assertThat(Paths.target(below(path))).isEqualTo(new ReportTarget(probe));
        assertThat(Paths.target(at(path, MappingMatch.DEFAULT))).isEqualTo(new ReportTarget(probe));
    }

    @ParameterizedTest
    @CsvSource({"/orders-db, orders-db", "/livez, livez", "/live/, live/", "/a/b, a/b", "/Live, Live"})
    void any_other_word_is_that_of_a_check(String path, String name) {
        assertThat(Paths.target(below(path))).isEqualTo(new CheckTarget(name));
    }

    @ParameterizedTest
    @CsvSource({
        "/livez, LIVENESS",
        "/readyz, READINESS",
        "/startupz, STARTUP",
        "/healthz,",
        "/health,",
        "/internal/livez, LIVENESS",
        "/live,"
    })
    void at_an_exact_path_the_last_word_counts(String path, Probe probe) {
        assertThat(Paths.target(at(path, MappingMatch.EXACT))).isEqualTo(new ReportTarget(probe));
    }

    @ParameterizedTest
    @CsvSource({"/, ./", "/live, ./", "/live/, ../", "/a/b/c, ../../"})
    void the_way_home_leads_up_to_the_prefix(String path, String home) {
        assertThat(Paths.home(below(path))).isEqualTo(home);
    }

    @Test
    void the_way_home_from_the_prefix_itself_leads_into_it() {
        assertThat(Paths.home(at("/internal/health", MappingMatch.PATH))).isEqualTo("./health/");
    }

    @ParameterizedTest
    @CsvSource({
        "/livez, /health/*, ./health/",
        "/internal/livez, /health/*, ../health/",
        "/livez, /internal/health/*, ./internal/health/",
        "/livez, /, ./",
        "/livez, /readyz,"
    })
    void the_way_home_from_an_exact_path_leads_to_the_prefix_if_there_is_one(String path, String pattern, String home) {
        assertThat(Paths.home(at(path, MappingMatch.EXACT, path, pattern))).isEqualTo(home);
    }

    @Test
    void a_servlet_that_its_container_does_not_know_has_no_home() {
        assertThat(Paths.home(at("/livez", MappingMatch.EXACT))).isNull();
    }

    private static HttpServletRequest below(String path) {
        return answering(HttpServletRequest.class, Map.of("getPathInfo", path));
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
                        "getServletContext",
                        answering(ServletContext.class, context),
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
