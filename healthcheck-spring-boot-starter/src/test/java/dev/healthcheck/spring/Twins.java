package dev.healthcheck.spring;

import java.util.stream.Stream;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The same application without this module and with it. Each has a server. */
record Twins(ConfigurableApplicationContext plain, ConfigurableApplicationContext wrapped) implements AutoCloseable {

    static Twins start(Class<?> application, String... properties) {
        return new Twins(
                start(application, "healthcheck.enabled=false", properties),
                start(application, "healthcheck.enabled=true", properties));
    }

    private static ConfigurableApplicationContext start(Class<?> application, String property, String... others) {
        return new SpringApplicationBuilder(application)
                .properties(property, "server.port=0", "spring.main.banner-mode=off")
                .properties(others)
                .run();
    }

    Stream<ConfigurableApplicationContext> both() {
        return Stream.of(plain, wrapped);
    }

    @Override
    public void close() {
        both().forEach(ConfigurableApplicationContext::close);
    }
}
