package dev.healthcheck.admin;

import static java.net.http.HttpResponse.BodyHandlers.ofString;

import de.codecentric.boot.admin.server.config.EnableAdminServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Spring Boot Admin, asked by its own API. It looks at each instance ten times a second. */
final class AdminServer implements AutoCloseable {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final JsonMapper JSON = JsonMapper.shared();

    /** As the pages of Spring Boot Admin ask. */
    private static final String ACCEPTED =
            "application/vnd.spring-boot.actuator.v3+json,application/vnd.spring-boot.actuator.v2+json,"
                    + "application/vnd.spring-boot.actuator.v1+json,application/json";

    private final ConfigurableApplicationContext context;

    private AdminServer(ConfigurableApplicationContext context) {
        this.context = context;
    }

    @EnableAdminServer
    @EnableAutoConfiguration
    static class Admin {}

    static AdminServer start(String detection) {
        return new AdminServer(SpringApplication.run(
                Admin.class,
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--healthcheck.enabled=false",
                "--spring.boot.admin.monitor.status-change-detection-strategy=" + detection,
                "--spring.boot.admin.monitor.status-interval=100ms",
                "--spring.boot.admin.monitor.status-lifetime=10ms",
                "--spring.boot.admin.monitor.status-max-backoff=100ms",
                "--spring.boot.admin.monitor.timeout.health=10s")); // by default the interval
    }

    /** Returns the id of the instance. */
    String register(String name, String healthUrl) throws Exception {
        String registration = """
                {"name": "%s", "healthUrl": "%s"}
                """.formatted(name, healthUrl);
        HttpRequest.Builder request = request("/instances")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(registration));
        return JSON.readTree(send(request).body()).at("/id").asString("");
    }

    void remove(String id) throws Exception {
        send(request("/instances/" + id).DELETE());
    }

    /** Returns status and details, as they were taken over. */
    JsonNode instance(String id) throws Exception {
        return read("/instances/" + id).at("/statusInfo");
    }

    JsonNode read(String path) throws Exception {
        return JSON.readTree(send(request(path).header("Accept", ACCEPTED)).body());
    }

    private HttpRequest.Builder request(String path) {
        String port = context.getEnvironment().getProperty("local.server.port");
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), ofString());
    }

    @Override
    public void close() {
        context.close();
    }
}
