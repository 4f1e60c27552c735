package dev.healthcheck.examples.springboot;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.jdbc.JdbcHealthCheck;
import dev.healthcheck.servlet.HealthServlet;
import javax.sql.DataSource;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class HealthConfiguration {

    /** Spring closes it, before the {@code DataSource}. */
    @Bean
    HealthCheckRegistry health(DataSource dataSource) {
        HealthCheckRegistry health = HealthCheckRegistry.create();
        health.register("orders-db", JdbcHealthCheck.of(dataSource));
        return health;
    }

    @Bean
    ServletRegistrationBean<HealthServlet> healthServlet(HealthCheckRegistry health) {
        return new ServletRegistrationBean<>(HealthServlet.of(health), "/health/*", "/livez", "/readyz");
    }
}
