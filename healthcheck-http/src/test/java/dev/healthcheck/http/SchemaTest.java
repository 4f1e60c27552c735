package dev.healthcheck.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Probe;
import dev.healthcheck.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers match the JSON schema and the OpenAPI document in the jar. */
class SchemaTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private final HealthFormat format = new JsonFormat(Map.of("name", "orders", "version", "1.4.2"));
    private final HealthCheckRegistry registry = HealthCheckRegistry.builder()
            .answerWithin(ofSeconds(20))
            .defaults(o -> o.timeout(ofSeconds(15)).cacheFor(ofMinutes(10)))
            .build();

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void a_report_of_nothing_is_valid() {
        assertReportsAreValid();
        assertThat(complaints("report", new JsonFormat(Map.of()).report(registry.check(), false)))
                .isEmpty();
    }

    @Test
    void reports_of_all_words_are_valid() {
        registry.register("orders-db", CheckResult::up);
        registry.register("alive", CheckResult::up, o -> o.probes(Probe.LIVENESS));
        assertReportsAreValid();
        registry.register("pool", () -> CheckResult.degraded("all in use").withReason("pool-exhausted"));
        assertReportsAreValid();
        registry.register("cache", () -> {
            throw new IllegalStateException("no\u0000 \ud800 \"way\"");
        });
        assertThat(assertReportsAreValid().status()).isEqualTo(Status.DOWN);
    }

    @Test
    void a_whole_that_starts_drains_or_is_closed_is_valid() {
        registry.register("migrations", () -> CheckResult.down("pending"), o -> o.probes(Probe.STARTUP));
        assertThat(assertReportsAreValid().reason()).isEqualTo("starting");
        registry.drain();
        assertThat(assertReportsAreValid().reason()).isEqualTo("draining");
        registry.close();
        assertThat(assertReportsAreValid().reason()).isEqualTo("closed");
    }

    @Test
    void a_check_with_everything_there_is_to_say_is_valid() {
        AtomicReference<CheckResult> found = new AtomicReference<>(CheckResult.up());
        var registration = registry.register("orders-db", found::get);
        assertCheckIsValid();
        registration.runNow();
        found.set(CheckResult.down(new IOException("refused", new IOException("host")))
                .withReason("unreachable")
                .withDetail("pool", Map.of("active", 1, "of", List.of(1.5, true, "x"))));
        for (int i = 0; i < 70; i++) {
            registration.runNow();
        }
        found.set(CheckResult.up());
        registration.runNow();

        assertCheckIsValid();
    }

    @Test
    void a_check_that_is_stuck_is_valid() {
        CountDownLatch released = new CountDownLatch(1);
        registry.register(
                "orders-db",
                () -> {
                    released.await();
                    return CheckResult.up();
                },
                o -> o.timeout(ofMillis(50)).cacheFor(Duration.ZERO).interruptOnTimeout(false));

        await().until(() ->
                "stuck".equals(registry.check("orders-db").orElseThrow().reason()));

        assertCheckIsValid();
        assertReportsAreValid();
        assertThat(text(format.check(registry.check("orders-db").orElseThrow(), true)))
                .contains("\"runningForMs\"", "\"stack\"");
        released.countDown();
    }

    @Test
    void what_is_no_report_is_valid() {
        assertThat(complaints("pending", format.pending(Status.DOWN))).isEmpty();
        assertThat(complaints("problem", format.problem("no such check"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "problem | {}",
                "problem | {\"problem\":1}",
                "pending | {\"status\":\"DOWN\",\"reason\":\"late\"}",
                "check | {\"status\":\"OK\",\"required\":true,\"durationMs\":1}",
                "check | {\"status\":\"UP\",\"required\":true,\"durationMs\":-1}",
                "check | {\"status\":\"UP\",\"required\":true,\"durationMs\":1,\"reason\":\"Not a code\"}",
                "check | {\"status\":\"UP\",\"required\":true,\"durationMs\":1,\"password\":\"x\"}",
                "check | {\"status\":\"UP\",\"required\":true,\"durationMs\":1,\"checkedAt\":\"yesterday\"}",
                "report | {\"status\":\"UP\",\"timestamp\":\"2026-01-01T10:00:00.123Z\",\"durationMs\":1}",
            })
    void what_is_not_so_is_not_valid(String definition, String json) {
        assertThat(complaints(definition, json.getBytes(UTF_8))).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_has_the_shape_of_micro_profile_keeps_its_rules_in_every_state(boolean details) {
        assertIsMicroProfile(details);
        registry.register("pool", () -> CheckResult.degraded("all in use")
                .withDetail("max", List.of(1, 2))
                .withDetail("of", Map.of("a", Map.of("b", 1)))
                .withDetail("active", 10)
                .withDetail("open", true)
                .withDetail("status", "x"));
        registry.register("cache", () -> CheckResult.down("gone"), o -> o.optional());
        assertIsMicroProfile(details);
        registry.register("orders-db", () -> {
            throw new IllegalStateException("no");
        });
        assertIsMicroProfile(details);
        registry.register("migrations", () -> CheckResult.down("running"), o -> o.probes(Probe.STARTUP));
        assertIsMicroProfile(details);
        registry.drain();
        assertIsMicroProfile(details);
        registry.close();
        assertIsMicroProfile(details);
    }

    /** The schema, and that the whole is DOWN only if a check in it is. */
    private void assertIsMicroProfile(boolean details) {
        HealthFormat microProfile = HealthFormat.microProfile();
        String schema = document("microprofile.schema.json").toString();
        List<byte[]> answers = new ArrayList<>(List.of(
                microProfile.report(registry.check(), details),
                microProfile.pending(Status.DOWN),
                microProfile.pending(Status.UP),
                microProfile.problem("no such check")));
        for (Probe probe : Probe.values()) {
            answers.add(microProfile.report(registry.check(probe), details));
        }
        registry.check("pool").ifPresent(check -> answers.add(microProfile.check(check, details)));
        for (byte[] answer : answers) {
            assertThat(SCHEMAS.getSchema(schema).validate(text(answer), InputFormat.JSON))
                    .isEmpty();
            if (text(answer).startsWith("{\"status\":\"DOWN\"")) {
                assertThat(text(answer)).containsPattern("\"checks\":.*\"status\":\"DOWN\"");
            }
        }
    }

    @Test
    void the_open_api_document_is_whole_and_has_the_definitions_of_the_schema_by_their_titles() throws IOException {
        JsonNode api = document("openapi.json");
        ObjectNode expected = JSON.createObjectNode();
        String definitions = document("health.schema.json").get("$defs").toString();
        for (Map.Entry<String, JsonNode> definition : JSON.readTree(definitions).properties()) {
            String title = definition.getValue().path("title").asText();
            definitions = definitions.replace(
                    "#/$defs/" + definition.getKey() + "\"", "#/components/schemas/" + title + "\"");
        }
        JSON.readTree(definitions)
                .properties()
                .forEach(definition ->
                        expected.set(definition.getValue().path("title").asText(), definition.getValue()));

        assertThat(api.at("/components/schemas")).isEqualTo(expected);
        for (JsonNode ref : api.findValues("$ref")) {
            assertThat(ref.textValue()).startsWith("#/");
            assertThat(api.at(ref.textValue().substring(1)).isMissingNode())
                    .as(ref.textValue())
                    .isFalse();
        }
        assertThat(api.get("paths").properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("/", "/live", "/ready", "/startup", "/{check}");
    }

    /** All but Content-Type, which OpenAPI has as the content. */
    @Test
    void the_open_api_document_lists_the_headers_of_answers_and_requires_those_of_every_answer() {
        registry.register("orders-db", CheckResult::up);
        registry.register("cache", () -> CheckResult.down("gone"));
        List<Map<String, String>> answers = headersOfAnswers();
        Set<String> all = new TreeSet<>();
        answers.forEach(answer -> all.addAll(answer.keySet()));
        JsonNode api = document("openapi.json");

        for (JsonNode response : documentedAnswers(api)) {
            assertThat(response.path("headers").properties())
                    .as(response.toString())
                    .extracting(Map.Entry::getKey)
                    .containsExactlyInAnyOrderElementsOf(all);
        }
        for (Map.Entry<String, JsonNode> header : api.at("/components/headers").properties()) {
            assertThat(header.getValue().path("required").asBoolean())
                    .as(header.getKey())
                    .isEqualTo(answers.stream().allMatch(answer -> answer.containsKey(header.getKey())));
            String only = header.getValue().at("/schema/const").asText();
            assertThat(answers)
                    .extracting(answer -> answer.get(header.getKey()))
                    .allMatch(value -> value == null || only.isEmpty() || only.equals(value), only);
        }
    }

    private List<Map<String, String>> headersOfAnswers() {
        HealthEndpoint endpoint = HealthEndpoint.of(registry);
        List<Map<String, String>> headers = new ArrayList<>();
        for (String form : List.of("application/json", "application/health+json", "text/plain", "text/html")) {
            for (String path : List.of("", "/live", "/ready", "/startup", "/orders-db", "/cache", "/nosuch")) {
                HealthRequest request = HealthRequest.of("GET", "/health", path, Map.of("Accept", form)::get);
                for (HealthResponse response : List.of(endpoint.await(request), endpoint.pending(request))) {
                    Map<String, String> listed = new TreeMap<>(response.headers());
                    assertThat(listed.remove("Content-Type")).startsWith(form);
                    headers.add(listed);
                }
            }
        }
        return headers;
    }

    /** Returns those of the endpoint itself. */
    private static List<JsonNode> documentedAnswers(JsonNode api) {
        List<JsonNode> answers = new ArrayList<>();
        for (JsonNode responses : api.get("paths").findValues("responses")) {
            responses.properties().stream()
                    .filter(response -> !response.getKey().equals("4XX"))
                    .forEach(response -> answers.add(response.getValue()));
        }
        assertThat(answers).hasSizeGreaterThan(20);
        return answers;
    }

    /** Generators of clients drop what stands beside a reference. */
    @Test
    void no_definition_has_a_reference_beside_its_properties() {
        for (JsonNode definition : document("health.schema.json").get("$defs")) {
            assertThat(definition.has("$ref")).as(definition.toString()).isFalse();
            assertThat(definition.path("type").asText())
                    .as(definition.toString())
                    .isNotEmpty();
        }
    }

    @Test
    void the_examples_are_valid() {
        int examples = 0;
        for (Map.Entry<String, JsonNode> definition :
                document("health.schema.json").get("$defs").properties()) {
            for (JsonNode example : definition.getValue().path("examples")) {
                assertThat(complaints(definition.getKey(), example.toString().getBytes(UTF_8)))
                        .as(definition.getKey())
                        .isEmpty();
                examples++;
            }
        }
        assertThat(examples).isGreaterThan(7);
    }

    @Test
    void an_answer_in_time_or_not_is_an_answer() {
        registry.register("orders-db", CheckResult::up);

        assertThat(complaints("answer", format.report(registry.check(), true))).isEmpty();
        assertThat(complaints("answer", format.pending(Status.UP))).isEmpty();
    }

    private HealthReport assertReportsAreValid() {
        for (Probe probe : Probe.values()) {
            for (boolean details : new boolean[] {false, true}) {
                assertThat(complaints("report", format.report(registry.check(probe), details)))
                        .isEmpty();
            }
        }
        HealthReport overall = registry.check();
        assertThat(complaints("report", format.report(overall, true))).isEmpty();
        return overall;
    }

    private void assertCheckIsValid() {
        for (boolean details : new boolean[] {false, true}) {
            byte[] answer = format.check(registry.check("orders-db").orElseThrow(), details);
            assertThat(complaints("checkWithHistory", answer)).isEmpty();
        }
    }

    private static List<?> complaints(String definition, byte[] answer) {
        ObjectNode schema = (ObjectNode) document("health.schema.json");
        schema.remove(List.of("anyOf", "$id"));
        schema.put("$ref", "#/$defs/" + definition);
        return SCHEMAS.getSchema(schema.toString()).validate(text(answer), InputFormat.JSON);
    }

    private static JsonNode document(String name) {
        try (var in = HealthEndpoint.class.getResourceAsStream(name)) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new AssertionError(name, e);
        }
    }

    private static String text(byte[] answer) {
        return new String(answer, UTF_8);
    }
}
