package dev.healthcheck.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.CheckResult;
import dev.healthcheck.http.EmptyFormat;
import dev.healthcheck.http.HealthFormat;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The {@code Accept} header selects the form of the answer. */
abstract class FormsContract extends HttpContract {
    FormsContract(Supplier<Container> containers) {
        super(containers);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*/*                             | application/json",
                "application/json                | application/json",
                "application/health+json         | application/health+json",
                "text/plain                      | text/plain",
                "application/json;q=0.5,text/*   | text/plain",
                "text/html                       | text/html",
                "text/html,*/*;q=0.8             | application/json",
                "image/png                       | application/json",
                "one;two/,,;q=                   | application/json",
            })
    void what_a_request_accepts_it_gets_and_json_otherwise(String accept, String type) throws Exception {
        registry.register("orders-db", CheckResult::up);
        startUsual();

        for (String path : List.of("/health", "/readyz", "/health/orders-db", "/health/nosuch")) {
            HttpResponse<String> response = get(path, "Accept", accept);
            assertThat(response.headers().firstValue("Content-Type").orElseThrow())
                    .startsWith(type);
            assertThat(response.headers().allValues("Vary")).containsExactly(VARY);
            assertThat(response.body()).contains(path.equals("/health/nosuch") ? "no such check" : "orders-db");
        }
    }

    @Test
    void several_accept_headers_are_one() throws Exception {
        startUsual();

        assertThat(get("/health", "Accept", "image/png", "Accept", "text/plain").body())
                .isEqualTo("health check passed\n");
    }

    @Test
    void what_is_waited_for_comes_in_the_form_that_was_asked_for() throws Exception {
        registry.register("slow", waitsForGate());
        startUsual();
        HttpRequest plain =
                request("GET", "/readyz").header("Accept", "text/plain").build();

        HttpResponse<String> answer = letThrough(client.sendAsync(plain, BodyHandlers.ofString()));

        assertThat(answer.body()).isEqualTo("[+]slow ok\nready check passed\n");
    }

    @Test
    void several_forms_may_be_added() throws Exception {
        start(HealthServlet.builder(registry)
                .format(HealthFormat.springBoot())
                .format(new EmptyFormat("application/xml"))
                .build());

        assertThat(get("/health", "Accept", "application/xml").body()).isEmpty();
        assertThat(json(get("/health")).has("components")).isTrue();
    }

    @Test
    void the_json_may_be_in_another_form() throws Exception {
        registry.register("orders-db", () -> CheckResult.down("gone"));
        start(HealthServlet.builder(registry).format(HealthFormat.springBoot()).build());

        assertThat(get("/health/readiness").statusCode()).isEqualTo(503);
        assertThat(json(get("/health/readiness"))
                        .at("/components/orders-db/status")
                        .textValue())
                .isEqualTo("DOWN");
    }
}
