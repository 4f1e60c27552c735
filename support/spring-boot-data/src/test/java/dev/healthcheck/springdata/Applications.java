package dev.healthcheck.springdata;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.testkit.Patience;
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

    /** Returns one whose endpoint may be asked. */
    static ApplicationContextRunner impatient() {
        return new ApplicationContextRunner()
                .withUserConfiguration(Application.class)
                .withPropertyValues(
                        "management.endpoints.web.exposure.include=health", "management.health.redis.enabled=false");
    }

    /** Returns one in which no deadline passes, either. */
    static ApplicationContextRunner runner() {
        return impatient()
                .withBean(HealthCheckRegistry.class, () -> Patience.builder().build());
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
