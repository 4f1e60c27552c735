package dev.healthcheck.springdata;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.IndicatedHealthDescriptor;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;

/** Applications without a server. They have all that Spring Boot configures for the class path. */
final class Applications {
    private Applications() {}

    /** Returns one whose endpoint may be asked, and none of whose deadlines pass. */
    static ApplicationContextRunner runner() {
        return new ApplicationContextRunner()
                .withUserConfiguration(Application.class)
                .withPropertyValues(
                        "management.endpoints.web.exposure.include=health",
                        "management.health.redis.enabled=false",
                        "healthcheck.answer-within=30s",
                        "spring.main.banner-mode=off");
    }

    static HealthDescriptor health(ApplicationContext context, String... path) {
        HealthEndpoint endpoint = context.getBean(HealthEndpoint.class);
        return path.length == 0 ? endpoint.health() : endpoint.healthForPath(path);
    }

    static Map<String, Object> details(ApplicationContext context, String... path) {
        return ((IndicatedHealthDescriptor) health(context, path)).getDetails();
    }

    /** Returns the paths of all indicators that the endpoint shows. */
    static Set<String> paths(ApplicationContext context) {
        Set<String> paths = new TreeSet<>();
        add("", health(context), paths);
        return paths;
    }

    private static void add(String path, HealthDescriptor health, Set<String> paths) {
        if (health instanceof CompositeHealthDescriptor composite) {
            composite.getComponents().forEach((name, child) -> add(path + "/" + name, child, paths));
        } else {
            paths.add(path);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}
}
