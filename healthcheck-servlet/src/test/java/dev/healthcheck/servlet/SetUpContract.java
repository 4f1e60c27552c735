package dev.healthcheck.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Probe;
import dev.healthcheck.http.HealthEndpoint;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A servlet gets its registry and its settings in each of the documented ways. */
abstract class SetUpContract extends HttpContract {
    SetUpContract(Supplier<Container> containers) {
        super(containers);
    }

    @Test
    void a_servlet_made_by_the_container_finds_the_registry_in_the_context() throws Exception {
        registry.register("orders-db", CheckResult::up);
        container.attribute(HealthServlet.REGISTRY, registry);
        container.mount(
                HealthServlet.class,
                Map.of(HealthServlet.SERVICE_NAME, "orders", HealthServlet.SERVICE_VERSION, "1.4.2"),
                "/health/*");
        port = container.start();

        JsonNode report = json(get("/health/ready"));

        assertThat(report.get("status").textValue()).isEqualTo("UP");
        assertThat(report.get("service")).isEqualTo(json("{\"name\":\"orders\",\"version\":\"1.4.2\"}"));
        assertThat(names(report.get("checks"))).containsExactly("orders-db");
    }

    @Test
    void a_servlet_made_by_the_container_needs_no_parameters() throws Exception {
        container.attribute(HealthServlet.REGISTRY, registry);
        container.mount(HealthServlet.class, Map.of(), "/health/*");
        port = container.start();

        assertThat(json(get("/health/ready")).has("service")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"spring-boot, /components/orders-db/status", "microprofile, /checks/0/status"})
    void a_servlet_made_by_the_container_may_be_told_another_form(String form, String status) throws Exception {
        registry.register("orders-db", CheckResult::up);
        container.attribute(HealthServlet.REGISTRY, registry);
        container.mount(HealthServlet.class, Map.of(HealthServlet.FORMAT, form), "/health/*");
        port = container.start();

        assertThat(json(get("/health/ready")).at(status).textValue()).isEqualTo("UP");
    }

    @Test
    void a_form_that_there_is_not_is_said_at_initialisation() throws Exception {
        container.attribute(HealthServlet.REGISTRY, registry);

        assertThat(initialised(Map.of(HealthServlet.FORMAT, "spring")))
                .isInstanceOf(ServletException.class)
                .hasMessage("init parameter format: spring (expected: spring-boot or microprofile)");
    }

    @Test
    void a_servlet_made_by_the_container_may_have_a_name_without_a_version() throws Exception {
        container.attribute(HealthServlet.REGISTRY, registry);
        container.mount(HealthServlet.class, Map.of(HealthServlet.SERVICE_NAME, "orders"), "/health/*");
        port = container.start();

        assertThat(json(get("/health/ready")).get("service")).isEqualTo(json("{\"name\":\"orders\"}"));
    }

    @Test
    void a_version_of_no_service_is_said_at_initialisation() throws Exception {
        container.attribute(HealthServlet.REGISTRY, registry);

        assertThat(initialised(Map.of(HealthServlet.SERVICE_VERSION, "1.4.2")))
                .isInstanceOf(ServletException.class)
                .hasMessage("init parameter serviceVersion: 1.4.2 (expected: serviceName, too)");
    }

    @Test
    void an_endpoint_of_one_s_own_has_all_its_settings() throws Exception {
        registry.register("pool", () -> CheckResult.degraded(SECRET));
        HealthEndpoint endpoint = HealthEndpoint.builder(registry)
                .headers(report -> Map.of("x-envoy-degraded", report.status().name()))
                .build();
        container.mount(HealthServlet.of(endpoint), true, "/health/*");
        container.mount(HealthServlet.of(endpoint, request -> true), true, "/private/*");
        port = container.start();

        assertThat(get("/health/ready").headers().allValues("x-envoy-degraded")).containsExactly("DEGRADED");
        assertThat(get("/health/ready").body()).doesNotContain(SECRET);
        assertThat(get("/private/ready").body()).contains(SECRET);
    }

    @Test
    void a_missing_registry_is_said_at_initialisation() throws Exception {
        assertThat(initialised(Map.of()))
                .isInstanceOf(ServletException.class)
                .hasMessageStartingWith("servlet context attribute dev.healthcheck.registry: not set (expected: class"
                        + " dev.healthcheck.HealthCheckRegistry of ")
                .hasMessageEndingWith(", set before this servlet is initialised)");
    }

    @Test
    void a_registry_of_another_type_is_said_at_initialisation() throws Exception {
        container.attribute(HealthServlet.REGISTRY, "registry");

        assertThat(initialised(Map.of()))
                .isInstanceOf(ServletException.class)
                .hasMessageStartingWith("servlet context attribute dev.healthcheck.registry: of class"
                        + " java.lang.String of null (expected: class dev.healthcheck.HealthCheckRegistry of ");
    }

    @Test
    void the_registry_outlives_the_servlet() throws Exception {
        registry.register("orders-db", CheckResult::up);
        startUsual();
        get("/health");

        container.stop();

        assertThat(registry.check(Probe.READINESS).reason()).isNull();
        var unused = registry.register("another", CheckResult::up);
    }

    @Test
    void what_makes_no_sense_is_refused() {
        assertThatThrownBy(() -> HealthServlet.of((HealthCheckRegistry) null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("registry");
        assertThatThrownBy(() -> HealthServlet.of((HealthEndpoint) null)).hasMessage("endpoint");
        assertThatThrownBy(() -> HealthServlet.of(HealthEndpoint.of(registry), null))
                .hasMessage("showDetailsTo");
        HealthServlet.Builder builder = HealthServlet.builder(registry);
        assertThatThrownBy(() -> builder.service(null, "1")).hasMessage("name");
        assertThatThrownBy(() -> builder.service("orders", null)).hasMessage("version");
        assertThatThrownBy(() -> builder.info(null, "1")).hasMessage("key");
        assertThatThrownBy(() -> builder.info("commit", null)).hasMessage("value");
        assertThatThrownBy(() -> builder.showDetailsTo(null)).hasMessage("condition");
        assertThatThrownBy(() -> builder.format(null)).hasMessage("form");
        assertThatThrownBy(() -> builder.info("version", "1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("key: \"version\" (expected: service(name, version) instead)");
    }

    /** Returns what the initialisation of a servlet without a registry throws. */
    private Throwable initialised(Map<String, String> parameters) throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        container.mount(
                new HttpServlet() {
                    @Override
                    public void init() {
                        try {
                            new HealthServlet().init(with(parameters, getServletContext()));
                        } catch (ServletException e) {
                            thrown.set(e);
                        }
                    }
                },
                false,
                "/health/*");
        port = container.start();
        get("/health");
        return thrown.get();
    }

    private static ServletConfig with(Map<String, String> parameters, ServletContext context) {
        return new ServletConfig() {
            @Override
            public String getServletName() {
                return "health";
            }

            @Override
            public ServletContext getServletContext() {
                return context;
            }

            @Override
            public String getInitParameter(String name) {
                return parameters.get(name);
            }

            @Override
            public Enumeration<String> getInitParameterNames() {
                return Collections.enumeration(parameters.keySet());
            }
        };
    }
}
