package dev.healthcheck.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.CheckResult;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletResponse;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods, and the headers of an answer. */
abstract class HeadersContract extends HttpContract {
    HeadersContract(Supplier<Container> containers) {
        super(containers);
    }

    @ParameterizedTest
    @CsvSource({"/health/ready, 200", "/health/down, 503", "/health/nosuch, 404", "/health/a/b, 404"})
    void an_answer_is_not_to_be_cached_and_says_what_it_is(String path, int status) throws Exception {
        registry.register("down", () -> CheckResult.down("gone"), o -> o.optional());
        startUsual();

        HttpResponse<String> response = get(path);

        assertThat(response.statusCode()).isEqualTo(status);
        assertUsualHeaders(response);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/health/ready", "/health/down", "/health/nosuch", "/health/a/b"})
    void head_is_get_without_a_body(String path) throws Exception {
        registry.register("down", () -> CheckResult.down("gone"), o -> o.optional());
        startUsual();
        get(path); // once, so that all answers show the duration of the first run

        String[] got = raw("GET", path).split("\r\n\r\n", 2);
        String[] head = raw("HEAD", path).split("\r\n\r\n", 2);

        assertThat(headersBut(head[0], "Date", "Content-Length"))
                .isEqualTo(headersBut(got[0], "Date", "Content-Length"));
        assertThat(head[0]).containsPattern("Content-Length: [1-9]");
        assertThat(Math.abs(contentLength(head[0]) - contentLength(got[0])))
                .as("but for the digits of the report's own duration")
                .isLessThan(4);
        assertThat(contentLength(got[0])).isEqualTo(got[1].getBytes(UTF_8).length);
        assertThat(head[1]).isEmpty();
    }

    @Test
    void head_waits_for_its_answer_too() throws Exception {
        registry.register("slow", waitsForGate());
        startUsual();

        HttpResponse<String> response = letThrough(send("HEAD", "/health/slow"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertUsualHeadersButLength(response);
        assertThat(response.headers().firstValueAsLong("Content-Length").orElse(0))
                .isGreaterThan(100);
        assertThat(response.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "get", "PROPFIND"})
    void other_methods_are_405(String method) throws Exception {
        AtomicInteger runs = new AtomicInteger();
        registry.register("counts", () -> {
            runs.incrementAndGet();
            return CheckResult.up();
        });
        startUsual();

        for (String path : List.of("/health", "/health/ready", "/health/counts", "/health/nosuch", "/livez")) {
            String response = raw(method, path);
            assertThat(response).startsWith("HTTP/1.1 405").contains("Allow: GET, HEAD\r\n");
            assertThat(response)
                    .contains("Cache-Control: no-store\r\n")
                    .contains("X-Content-Type-Options: nosniff\r\n")
                    .endsWith("{\"problem\":\"only GET and HEAD\"}\n");
        }
        assertThat(runs).hasValue(0);
    }

    @Test
    void what_a_filter_says_of_vary_stays() throws Exception {
        container.filter(
                (request, response, chain) -> {
                    ((HttpServletResponse) response).setHeader("Vary", "Origin");
                    chain.doFilter(request, response);
                },
                DispatcherType.REQUEST);
        startUsual();

        assertThat(get("/health").headers().allValues("Vary")).containsExactly("Origin", VARY);
    }

    private static List<String> headersBut(String head, String... names) {
        return head.lines()
                .filter(line -> Arrays.stream(names).noneMatch(line::startsWith))
                .sorted()
                .toList();
    }

    private static int contentLength(String head) {
        return head.lines()
                .filter(line -> line.startsWith("Content-Length: "))
                .mapToInt(line -> Integer.parseInt(line.substring("Content-Length: ".length())))
                .sum();
    }
}
