package dev.healthcheck.examples.springboot;

import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.LocalServerPort;

@ExtendWith(OutputCaptureExtension.class)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ApplicationTest {
    private final HttpClient client = HttpClient.newHttpClient();

    @Autowired
    private HealthCheckRegistry health;

    @LocalServerPort
    private int port;

    /** Spring's pool opens its first connection when it is first asked, which may take longer than a check. */
    @Test
    void it_becomes_ready() throws Exception {
        await().untilAsserted(
                        () -> assertThat(get("/health/ready").statusCode()).isEqualTo(200));

        assertThat(get("/readyz").body()).contains("\"orders-db\":{\"status\":\"UP\",\"required\":true,");
        assertThat(get("/livez").statusCode()).isEqualTo(200);
        assertThat(get("/health/nosuch").statusCode()).isEqualTo(404);
    }

    @Test
    void changes_are_logged_though_this_slf4j_knows_no_key_value_pairs(CapturedOutput output) throws Exception {
        var answer = new AtomicReference<>(CheckResult.up());
        try (var mail = health.register("mail", answer::get, o -> o.optional())) {
            mail.runNow();
            answer.set(CheckResult.down(new RuntimeException("no route")));
            mail.runNow();
            assertThat(get("/health/mail").statusCode()).isEqualTo(503);
            answer.set(CheckResult.up());
            mail.runNow();

            await().untilAsserted(() -> assertThat(output.getOut())
                    .containsPattern(
                            "WARN .* mail is DOWN, was UP: java.lang.RuntimeException: no route \\[ref \\w+]\\R")
                    .containsPattern("\\Rjava.lang.RuntimeException: no route\\R\\tat ")
                    .containsPattern("INFO .* mail is UP, was DOWN for "));
        }
    }

    private HttpResponse<String> get(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        return client.send(request, ofString());
    }
}
