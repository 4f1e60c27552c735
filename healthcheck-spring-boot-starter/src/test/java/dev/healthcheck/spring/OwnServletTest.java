package dev.healthcheck.spring;

import static dev.healthcheck.spring.Answers.ask;
import static dev.healthcheck.spring.Answers.get;
import static dev.healthcheck.spring.Answers.header;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.http.HealthEndpoint;
import dev.healthcheck.servlet.HealthServlet;
import dev.healthcheck.testkit.CapturedLog;
import dev.healthcheck.testkit.Patience;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.context.ServerPortInfoApplicationContextInitializer;
import org.springframework.boot.web.server.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** An application with servlets and without Actuator. */
@Tag("slow")
class OwnServletTest {
    private static final String[] ACTUATOR = {"org.springframework.boot.actuate", "org.springframework.boot.health"};

    private static WebApplicationContextRunner application() {
        return new WebApplicationContextRunner(AnnotationConfigServletWebServerApplicationContext::new)
                .withInitializer(new ServerPortInfoApplicationContextInitializer())
                .withPropertyValues("server.port=0", "spring.application.name=orders")
                .withBean(HealthCheckRegistry.class, () -> Patience.builder().build())
                .withBean(
                        "ordersHealthCheck",
                        HealthCheck.class,
                        () -> () -> CheckResult.degraded("10.0.0.1 is slow").withReason("slow"))
                .withConfiguration(AutoConfigurations.of(
                        DispatcherServletAutoConfiguration.class,
                        HealthcheckActuatorAutoConfiguration.class,
                        HealthcheckAutoConfiguration.class,
                        TomcatServletWebServerAutoConfiguration.class,
                        WebMvcAutoConfiguration.class));
    }

    private static WebApplicationContextRunner withoutActuator() {
        return application().withClassLoader(new FilteredClassLoader(ACTUATOR));
    }

    @Test
    void probes_are_answered() {
        withoutActuator().run(context -> {
            for (String path : new String[] {"/health", "/health/ready", "/health/live", "/livez", "/readyz"}) {
                assertThat(get(context, path).statusCode()).as(path).isEqualTo(200);
            }
            assertThat(get(context, "/health/orders").body())
                    .startsWith("{\"status\":\"DEGRADED\",\"name\":\"orders\"");
            assertThat(get(context, "/health").body())
                    .contains("\"service\":{\"name\":\"orders\"}", "\"reason\":\"slow\"")
                    .doesNotContain("10.0.0.1");
            assertThat(get(context, "/health/nosuch").statusCode()).isEqualTo(404);
            assertThat(ask(context, "POST", "/readyz").statusCode()).isEqualTo(405);
            assertThat(header(ask(context, "HEAD", "/livez"), "content-type")).isEqualTo("application/json");
            assertThat(header(get(context, "/health", "Accept", "text/plain"), "content-type"))
                    .startsWith("text/plain");

            context.getBean(HealthCheckRegistry.class).drain();
            assertThat(get(context, "/readyz").statusCode()).isEqualTo(503);
            assertThat(get(context, "/livez").statusCode()).isEqualTo(200);
        });
    }

    @Test
    void the_application_itself_says_when_it_takes_traffic_and_when_it_is_broken() {
        withoutActuator()
                .withConfiguration(AutoConfigurations.of(ApplicationAvailabilityAutoConfiguration.class))
                .run(context -> {
                    assertThat(get(context, "/livez").statusCode()).isEqualTo(200);
                    assertThat(get(context, "/readyz").statusCode())
                            .as("while it starts")
                            .isEqualTo(503);

                    AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
                    assertThat(get(context, "/readyz").statusCode()).isEqualTo(200);
                    AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
                    assertThat(get(context, "/readyz").body()).contains("\"out-of-service\"");
                    assertThat(get(context, "/livez").statusCode()).isEqualTo(200);

                    AvailabilityChangeEvent.publish(context, LivenessState.BROKEN);
                    assertThat(get(context, "/livez").statusCode()).isEqualTo(503);
                });
    }

    @Test
    void beside_Actuator_the_servlet_is_mounted_only_if_a_property_says_so() {
        application().run(context -> assertThat(context).doesNotHaveBean(HealthEndpoint.class));
        application().withPropertyValues("healthcheck.servlet.enabled=true").run(context -> {
            assertThat(get(context, "/health").statusCode()).isEqualTo(200);
            assertThat(get(context, "/livez").statusCode())
                    .as("a path that Actuator may have")
                    .isEqualTo(404);
        });
    }

    @Test
    void lazy_initialization_makes_no_difference() {
        withoutActuator()
                .withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .run(context -> assertThat(get(context, "/readyz").body()).contains("\"orders\""));
    }

    @Test
    void the_servlet_can_be_turned_off() {
        withoutActuator()
                .withPropertyValues("healthcheck.servlet.enabled=false")
                .run(context -> assertThat(get(context, "/health").statusCode()).isEqualTo(404));
    }

    @Test
    void the_path_can_be_chosen() {
        withoutActuator()
                .withPropertyValues("healthcheck.servlet.path=/internal/health")
                .run(context -> {
                    assertThat(get(context, "/internal/health/ready").statusCode())
                            .isEqualTo(200);
                    assertThat(get(context, "/health").statusCode()).isEqualTo(404);
                });
    }

    @Test
    void a_path_that_is_none_stops_the_start() {
        for (String path : new String[] {"health", "/", "/health/", "/health/*", ""}) {
            withoutActuator()
                    .withPropertyValues("healthcheck.servlet.path=" + path)
                    .run(context -> assertThat(new InvalidSettingsFailureAnalyzer()
                                    .analyze(context.getStartupFailure())
                                    .getDescription())
                            .isEqualTo("healthcheck.servlet.path: " + path + " (expected: a path such as /health)"));
        }
    }

    @Test
    void users_with_a_role_see_details() {
        Filter roles = (request, response, chain) -> chain.doFilter(
                new HttpServletRequestWrapper((HttpServletRequest) request) {
                    @Override
                    public boolean isUserInRole(String role) {
                        return role.equals(getHeader("role"));
                    }
                },
                response);
        withoutActuator()
                .withBean(Filter.class, () -> roles)
                .withPropertyValues("healthcheck.servlet.show-details-to-roles=ADMIN,OPERATOR")
                .run(context -> {
                    assertThat(get(context, "/health", "role", "OPERATOR").body())
                            .contains("10.0.0.1");
                    assertThat(get(context, "/health", "role", "USER").body()).doesNotContain("10.0.0.1");
                    assertThat(get(context, "/health").body()).doesNotContain("10.0.0.1");
                });
    }

    @Test
    void a_servlet_of_the_application_is_mounted_instead() {
        withoutActuator().withUserConfiguration(WithServlet.class).run(context -> {
            assertThat(get(context, "/health").body()).contains("10.0.0.1");
            assertThat(get(context, "/livez").statusCode()).isEqualTo(200);
            assertThat(get(context, "/mine/").statusCode()).isEqualTo(404);
        });
    }

    @Test
    void registrations_of_the_application_are_the_only_ones() {
        withoutActuator().withUserConfiguration(WithRegistration.class).run(context -> {
            assertThat(get(context, "/own").statusCode()).isEqualTo(200);
            assertThat(get(context, "/second").statusCode()).isEqualTo(200);
            assertThat(get(context, "/health").statusCode()).isEqualTo(404);
            assertThat(get(context, "/livez").statusCode()).isEqualTo(404);
        });
    }

    @Test
    void another_servlet_keeps_its_path() {
        try (CapturedLog log = new CapturedLog()) {
            withoutActuator().withUserConfiguration(WithLivez.class).run(context -> {
                assertThat(get(context, "/livez").body()).isEqualTo("mine");
                assertThat(get(context, "/readyz").statusCode()).isEqualTo(200);
                assertThat(get(context, "/health/live").statusCode()).isEqualTo(200);
            });
            assertThat(log.lines)
                    .extracting(line -> line.getFormattedMessage())
                    .contains("The health servlet is not mounted at [/livez]: another servlet is.");
        }
    }

    @Test
    void a_warning_names_a_controller_whose_path_the_servlet_has() {
        try (CapturedLog log = new CapturedLog()) {
            withoutActuator().withUserConfiguration(WithController.class).run(context -> {
                assertThat(get(context, "/health").body()).startsWith("{");
                assertThat(get(context, "/healthy").body()).isEqualTo("mine");
            });
            assertThat(log.lines(Level.WARN))
                    .extracting(line -> line.getFormattedMessage())
                    .singleElement()
                    .asString()
                    .contains("at [/health], so no request reaches", "WithController#health()");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @RestController
    static class WithController {

        @GetMapping({"/health", "/healthy"})
        String health() {
            return "mine";
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WithServlet {

        @Bean
        HealthServlet mine(HealthCheckRegistry registry) {
            return HealthServlet.builder(registry)
                    .showDetailsTo(request -> true)
                    .build();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WithRegistration {

        @Bean
        ServletRegistrationBean<HealthServlet> mine(HealthCheckRegistry registry) {
            return new ServletRegistrationBean<>(HealthServlet.of(registry), "/own");
        }

        @Bean
        ServletRegistrationBean<HealthServlet> second(HealthCheckRegistry registry) {
            var second = new ServletRegistrationBean<>(HealthServlet.of(registry), "/second");
            second.setName("second");
            return second;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WithLivez {

        @Bean
        ServletRegistrationBean<HttpServlet> mine() {
            return new ServletRegistrationBean<>(
                    new HttpServlet() {
                        @Override
                        protected void doGet(HttpServletRequest request, HttpServletResponse response)
                                throws IOException {
                            response.getWriter().write("mine");
                        }
                    },
                    "/livez");
        }
    }
}
