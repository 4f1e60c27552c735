package dev.healthcheck.benchmarks.springboot;

import dev.healthcheck.benchmarks.Check;
import dev.healthcheck.benchmarks.Contender;
import jakarta.servlet.Servlet;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import tools.jackson.databind.json.JsonMapper;

/** Spring Boot Actuator, showing its components as the others do. Its answers are cached by its endpoint over HTTP only. */
public class SpringBoot implements Contender {
    private final String name;
    private final String timeToLive;
    private Map<String, Check> checks = Map.of();
    private Map<String, Servlet> others = Map.of();
    private ServletWebServerApplicationContext context;
    private HealthEndpoint endpoint;
    private JsonMapper mapper;

    /** Asked to by the service loader. */
    public SpringBoot() {
        this("spring-boot", "0ms");
    }

    /**
     * Names a variant.
     *
     * @param name what it calls itself
     * @param timeToLive how long the endpoint reuses an answer
     */
    protected SpringBoot(String name, String timeToLive) {
        this.name = name;
        this.timeToLive = timeToLive;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void start(Map<String, Check> all) {
        checks = all;
    }

    @Override
    public Object report() {
        begin();
        return endpoint.health();
    }

    @Override
    public byte[] json() {
        begin();
        return mapper.writeValueAsBytes(endpoint.health());
    }

    @Override
    public int serve(Map<String, Servlet> beside) {
        others = beside;
        begin();
        return context.getWebServer().getPort();
    }

    @Override
    public String path() {
        return "/actuator/health";
    }

    /** With the first question: what there is has to be known before the application starts. */
    private void begin() {
        if (context != null) {
            return;
        }
        SpringApplication application = new SpringApplication(Application.class);
        application.setDefaultProperties(properties());
        application.addInitializers(beans -> register((GenericApplicationContext) beans));
        context = (ServletWebServerApplicationContext) application.run();
        endpoint = context.getBean(HealthEndpoint.class);
        mapper = context.getBean(JsonMapper.class);
    }

    private Map<String, Object> properties() {
        Map<String, Object> properties = new HashMap<>();
        properties.put("server.address", "127.0.0.1");
        properties.put("server.port", "0");
        properties.put("spring.main.banner-mode", "off");
        properties.put("logging.level.root", "error");
        properties.put("management.endpoint.health.show-components", "always");
        properties.put("management.endpoint.health.probes.enabled", "false"); // two checks more
        properties.put("management.health.defaults.enabled", "false");
        properties.put("management.endpoint.health.cache.time-to-live", timeToLive);
        return properties;
    }

    private void register(GenericApplicationContext beans) {
        checks.forEach((check, body) ->
                beans.registerBean(check + "HealthIndicator", HealthIndicator.class, () -> () -> health(body)));
        others.forEach((path, servlet) -> beans.registerBean(
                path, ServletRegistrationBean.class, () -> new ServletRegistrationBean<>(servlet, path)));
    }

    private static Health health(Check body) {
        try {
            body.run();
            return Health.up().build();
        } catch (Exception e) {
            return Health.down(e).build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    /** With answers that are reused for a second. */
    public static final class Cached extends SpringBoot {
        /** Asked to by the service loader. */
        public Cached() {
            super("spring-boot-cached", "1s");
        }
    }
}
