package dev.healthcheck.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The form that each client gets, by the headers that it really sends. */
class NegotiationTest {
    private static final String CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,"
            + "image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7";
    private static final String FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,"
            + "image/png,image/svg+xml,*/*;q=0.8";
    private static final String SAFARI = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    private static final String BOOT = "application/vnd.spring-boot.actuator.";
    /** Of Spring Boot Admin. */
    private static final String ADMIN = BOOT + "v3+json, " + BOOT + "v2+json, " + BOOT + "v1+json, application/json";

    private final HealthCheckRegistry registry = HealthCheckRegistry.create();

    @BeforeEach
    void register() {
        registry.register("orders-db", CheckResult::up);
    }

    @AfterEach
    void close() {
        registry.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "uptime-kuma 2             | " + CHROME,
                "UptimeRobot               | " + SAFARI,
                "HttpURLConnection, JDK 8  | text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
                "HttpURLConnection, JDK 17 | text/html, image/gif, image/jpeg, */*; q=0.2",
                "HttpURLConnection, JDK 25 | */*",
                "java.net.http             |",
                "curl, wget, links, elinks | */*",
                "axios                     | application/json, text/plain, */*",
                "jQuery                    | application/json, text/javascript, */*; q=0.01",
                "Datadog agent             | text/html, */*",
                "Blackbox exporter         |",
                "kube-probe                | */*",
                "Spring Boot Admin         | " + ADMIN,
                "RestTemplate              | application/json, application/*+json",
            })
    void a_program_gets_json_though_it_sends_the_header_of_a_browser(String client, String accept) {
        assertThat(typeFor(headers(accept))).as(client).isEqualTo("application/json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "Chrome                  | Upgrade-Insecure-Requests | 1        | " + CHROME,
                "Chrome by https         | Sec-Fetch-Mode            | navigate | " + CHROME,
                "Firefox                 | Upgrade-Insecure-Requests | 1        | " + FIREFOX,
                "Safari                  | Upgrade-Insecure-Requests | 1        | " + SAFARI,
                "w3m                     | X                         | x        | "
                        + "text/html, text/*;q=0.5, image/*, application/*",
                "the page, for a refresh | Sec-Fetch-Mode            | cors     | text/html",
            })
    void a_person_gets_the_page(String client, String name, String value, String accept) {
        Map<String, String> headers = headers(accept);
        headers.put(name, value);

        assertThat(typeFor(headers)).as(client).isEqualTo("text/html;charset=utf-8");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "Consul     | text/plain, text/*, */*",
                "Prometheus | application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
                "lynx       | text/html, text/plain, text/sgml, text/css, */*;q=0.01",
            })
    void a_client_that_names_plain_text_and_not_json_gets_text(String client, String accept) {
        assertThat(typeFor(headers(accept))).as(client).isEqualTo("text/plain;charset=utf-8");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "Upgrade-Insecure-Requests | 0       | " + CHROME,
                "Sec-Fetch-Mode            | cors    | " + CHROME,
                "Sec-Fetch-Mode            | no-cors | text/html, application/json;q=0.1",
                "Upgrade-Insecure-Requests | 1       | application/json, text/html;q=0.9",
                "Upgrade-Insecure-Requests | 1       | */*",
                "Upgrade-Insecure-Requests | 1       | image/png",
            })
    void what_is_no_navigation_or_prefers_another_form_gets_no_page(String name, String value, String accept) {
        Map<String, String> headers = headers(accept);
        headers.put(name, value);

        assertThat(typeFor(headers)).isEqualTo("application/json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "                                          | v3+json",
                "*/*                                       | v3+json",
                "application/*                             | v3+json",
                BOOT + "v3+json                            | v3+json",
                ADMIN + "                                  | v3+json",
                "application/json;q=0.5, " + BOOT + "v3+json | v3+json",
                CHROME + "                                 | v3+json",
                "application/json                          | json",
                "application/json, " + BOOT + "v3+json     | json",
                "application/json, text/plain, */*         | json",
            })
    void spring_boot_s_form_has_spring_boot_s_type_unless_json_is_named_first(String accept, String suffix) {
        HealthEndpoint boot = HealthEndpoint.builder(registry)
                .format(HealthFormat.springBoot())
                .build();

        assertThat(typeFor(boot, headers(accept)))
                .isEqualTo(suffix.equals("json") ? "application/json" : BOOT + suffix);
    }

    @ParameterizedTest
    @CsvSource({"/ready", "/orders-db", "/nosuch", "''"})
    void answers_say_which_headers_chose_them(String path) {
        HealthResponse response =
                HealthEndpoint.of(registry).await(HealthRequest.of("GET", "/health", path, n -> null));

        assertThat(response.headers()).containsEntry("Vary", "Accept, Sec-Fetch-Mode, Upgrade-Insecure-Requests");
    }

    private String typeFor(Map<String, String> headers) {
        return typeFor(HealthEndpoint.of(registry), headers);
    }

    private static String typeFor(HealthEndpoint endpoint, Map<String, String> headers) {
        return endpoint.await(HealthRequest.of("GET", "/health", "/ready", headers::get))
                .headers()
                .get("Content-Type");
    }

    private static Map<String, String> headers(String accept) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        if (accept != null) {
            headers.put("Accept", accept);
        }
        return headers;
    }
}
