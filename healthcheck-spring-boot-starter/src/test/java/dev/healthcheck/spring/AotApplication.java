package dev.healthcheck.spring;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** Says what it found in itself, and ends. Spring names what it generates after the class, which so must not be nested. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class AotApplication {

    public static void main(String[] args) throws Exception {
        SpringApplication application = new SpringApplication(AotApplication.class);
        application.setDefaultProperties(Map.of(
                "server.port", "0",
                "healthcheck.servlet.enabled", "true",
                "healthcheck.answer-within", "30s",
                "healthcheck.defaults.timeout", "30s",
                "healthcheck.checks[both/child].timeout", "20s"));
        try (ConfigurableApplicationContext context = application.run(args)) {
            HealthCheckRegistry registry = context.getBean(HealthCheckRegistry.class);
            System.out.println("names: " + registry.names());
            System.out.println("timeout of both.child: "
                    + registry.latest("both.child").orElseThrow().timeout());
            System.out.println("whole: " + Contexts.endpoint(context).health().getStatus());
            System.out.println("servlet: " + Answers.get(context, "/health").statusCode());
        }
    }

    @Bean
    HealthCheck ordersHealthCheck() {
        return CheckResult::up;
    }

    @Bean
    CompositeHealthContributor both() {
        HealthIndicator child = () -> Health.up().build();
        return CompositeHealthContributor.fromMap(Map.of("child", child));
    }
}
