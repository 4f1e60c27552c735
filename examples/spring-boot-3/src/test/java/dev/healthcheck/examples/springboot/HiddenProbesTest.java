package dev.healthcheck.examples.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.observation.ObservationPredicate;
import jakarta.servlet.Filter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.http.server.observation.ServerRequestObservationContext;

/** Probes stay out of the access log, and out of metrics and traces, set up as docs/operations.md says. */
class HiddenProbesTest {
    private final HttpClient client = HttpClient.newHttpClient();
    private ConfigurableApplicationContext application;

    @TempDir
    private Path folder;

    /** Not annotated: the scan of the application must not find it. */
    static class NoProbes {
        // recipe
        @Bean
        FilterRegistrationBean<Filter> probeMark() {
            var mark = new FilterRegistrationBean<Filter>((request, response, chain) -> {
                request.setAttribute("probe", true);
                chain.doFilter(request, response);
            });
            mark.addUrlPatterns("/health/*", "/livez", "/readyz", "/startupz", "/healthz");
            return mark;
        }
        // end of recipe

        // recipe
        @Bean
        ObservationPredicate noProbes() {
            return (name, context) -> !(context instanceof ServerRequestObservationContext request)
                    || !request.getCarrier().getRequestURI().matches("/health(/.*)?|/(live|ready|startup|health)z");
        }
        // end of recipe
    }

    @BeforeEach
    void start() throws Exception {
        Class<?>[] sources = {Application.class, NoProbes.class};
        String[] settings = {
            "--server.port=0",
            "--spring.data.redis.port=1",
            "--draining.at-least=0s",
            "--draining.at-most=0s",
            "--server.tomcat.accesslog.enabled=true",
            "--server.tomcat.accesslog.condition-unless=probe",
            "--server.tomcat.accesslog.directory=" + folder,
            "--server.tomcat.accesslog.buffered=false",
        };
        application = SpringApplication.run(sources, settings);
        for (String path : new String[] {"/health", "/health/ready", "/livez", "/readyz", "/healthier"}) {
            get(path);
        }
    }

    @AfterEach
    void stop() {
        application.close();
    }

    @Test
    void the_access_log_has_no_probes() throws Exception {
        Path log;
        try (Stream<Path> logs = Files.list(folder)) {
            log = logs.findFirst().orElseThrow();
        }
        await().untilAsserted(() -> assertThat(log).content().contains("/healthier"));
        assertThat(log).content().doesNotContain("/health ", "/health/", "livez", "readyz");
    }

    @Test
    void metrics_and_traces_have_no_probes() {
        MeterRegistry meters = application.getBean(MeterRegistry.class);

        await().untilAsserted(() -> assertThat(requestsIn(meters)).isEqualTo(1)); // for /healthier
    }

    private static long requestsIn(MeterRegistry meters) {
        return meters.find("http.server.requests").timers().stream()
                .mapToLong(Timer::count)
                .sum();
    }

    private void get(String path) throws Exception {
        String port = application.getEnvironment().getProperty("local.server.port");
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        client.send(request, HttpResponse.BodyHandlers.discarding());
    }
}
