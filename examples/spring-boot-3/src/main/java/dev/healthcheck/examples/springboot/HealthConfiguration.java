package dev.healthcheck.examples.springboot;

import static java.time.Duration.ofMillis;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.jdbc.JdbcHealthCheck;
import dev.healthcheck.redis.RedisHealthCheck;
import dev.healthcheck.servlet.HealthServlet;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

@Configuration(proxyBeanMethods = false)
class HealthConfiguration {

    /** Spring closes it, before the {@code DataSource}. */
    @Bean
    HealthCheckRegistry health(DataSource dataSource, LettuceConnectionFactory redis) {
        HealthCheckRegistry health = HealthCheckRegistry.create();
        health.register("orders-db", JdbcHealthCheck.of(dataSource));
        health.register("cache", RedisHealthCheck.of((RedisClient) redis.getRequiredNativeClient()), o -> o.optional()
                .timeout(ofMillis(300)));
        return health;
    }

    /**
     * Mounts the servlet. Spring Boot registers servlets as asynchronous by default. Without Spring Security nobody has a
     * role, so nobody sees details.
     */
    @Bean
    ServletRegistrationBean<HealthServlet> healthServlet(
            HealthCheckRegistry health, @Value("${spring.application.name}") String name) {
        HealthServlet servlet = HealthServlet.builder(health)
                .service(name, "1.4.2")
                .showDetailsTo(request -> request.isUserInRole("OPERATOR"))
                .build();
        return new ServletRegistrationBean<>(servlet, "/health/*", "/livez", "/readyz");
    }

    @Bean
    Draining draining(
            HealthCheckRegistry health,
            @Value("${draining.at-least}") Duration atLeast,
            @Value("${draining.at-most}") Duration atMost) {
        return new Draining(health, atLeast, atMost);
    }
}
