package com.example.springboot;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CountDownLatch;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/** An indicator that never returns costs Actuator no request. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class Main {
    private final CountDownLatch end = new CountDownLatch(1);

    @Bean
    HealthIndicator hangingHealthIndicator() {
        return () -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Health.up().build();
        };
    }

    @Bean
    HealthCheck printerHealthCheck() {
        return CheckResult::up;
    }

    public static void main(String[] args) throws Exception {
        try (ConfigurableApplicationContext application = SpringApplication.run(
                Main.class,
                "--server.port=0",
                "--healthcheck.checks.hanging.timeout=300ms",
                "--management.endpoint.health.show-components=always",
                "--management.endpoint.health.show-details=always")) {
            String server = "http://127.0.0.1:" + application.getEnvironment().getProperty("local.server.port");
            expect(server + "/actuator/health", 503, "\"reason\":\"");
            expect(server + "/actuator/health/printer", 200, "\"status\":\"UP\"");
            expect(server + "/actuator/health/liveness", 200, "\"status\":\"UP\"");
        }
    }

    private static void expect(String address, int status, String words) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != status || !answer.body().contains(words)) {
            throw new AssertionError(
                    address + " " + answer.statusCode() + " " + answer.body() + " (expected: " + status + " " + words + ")");
        }
        System.out.println(address + " " + answer.statusCode() + " " + answer.body());
    }
}
