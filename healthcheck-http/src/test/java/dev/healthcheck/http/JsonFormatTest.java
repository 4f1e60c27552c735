package dev.healthcheck.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.healthcheck.CheckOptions;
import dev.healthcheck.CheckReport;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Probe;
import dev.healthcheck.Registration;
import dev.healthcheck.http.EncodedChecks.Encoded;
import dev.healthcheck.testkit.Hang;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JsonFormatTest {
    private final HealthCheckRegistry registry = HealthCheckRegistry.builder()
            .answerWithin(ofSeconds(20))
            .defaults(o -> o.timeout(ofSeconds(15)).cacheFor(ofSeconds(60)))
            .build();
    private final Hang hang = new Hang();
    private final JsonFormat format = new JsonFormat(Map.of());

    @AfterEach
    void close() {
        hang.release();
        registry.close();
    }

    @Test
    void a_verdict_is_encoded_once() {
        registry.register("a", CheckResult::up);
        registry.register("b", CheckResult::up);
        Encoded[] first = encoded();

        Encoded[] second = encoded();

        assertThat(second).isSameAs(first);
        assertThat(text(second[0])).startsWith("\"a\":{\"status\":\"UP\"");
        assertThat(text(second[1])).startsWith("\"b\":{\"status\":\"UP\"");
    }

    @Test
    void a_new_verdict_is_encoded_and_the_others_are_not_again() {
        registry.register("a", CheckResult::up);
        AtomicInteger runs = new AtomicInteger();
        Registration b =
                registry.register("b", () -> runs.getAndIncrement() == 0 ? CheckResult.up() : CheckResult.down("gone"));
        registry.register("c", CheckResult::up);
        Encoded[] first = encoded();
        b.runNow();

        Encoded[] second = encoded();

        assertThat(second[0]).isSameAs(first[0]);
        assertThat(text(second[1])).startsWith("\"b\":{\"status\":\"DOWN\"");
        assertThat(second[2]).isSameAs(first[2]);
        assertThat(encoded()).isSameAs(second);
    }

    @Test
    void checks_come_and_go() throws IOException {
        List<Registration> registrations = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            registrations.add(registry.register("check" + i, CheckResult::up));
        }
        assertNamesAreThoseOfTheReport();
        registrations.get(2).close();
        assertNamesAreThoseOfTheReport();
        registrations.add(registry.register("check2", CheckResult::up));
        assertNamesAreThoseOfTheReport();
        registrations.forEach(Registration::close);
        assertNamesAreThoseOfTheReport();
        registry.register("last", CheckResult::up);
        assertNamesAreThoseOfTheReport();
    }

    @Test
    void nothing_is_kept_but_the_checks_of_the_last_report() {
        for (int i = 0; i < 1000; i++) {
            Registration registration = registry.register("check" + i, CheckResult::up);
            assertThat(encoded()).hasSize(1);
            registration.close();
        }

        assertThat(encoded()).isEmpty();
    }

    @Test
    void a_report_is_not_kept_by_its_encoded_form() {
        Encoded kept = format.encodedOf(Probe.READINESS, reportsOfAnotherRegistry())[0];

        await().until(() -> {
            System.gc();
            return !kept.isKnown();
        });
    }

    private static List<CheckReport> reportsOfAnotherRegistry() {
        try (HealthCheckRegistry other = HealthCheckRegistry.create()) {
            other.register("a", CheckResult::up);
            return other.check(Probe.READINESS).checks();
        }
    }

    @Test
    void each_report_is_whole_while_verdicts_change() {
        AtomicInteger runs = new AtomicInteger();
        List<Registration> registrations = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            registrations.add(registry.register(
                    "check" + i, () -> runs.getAndIncrement() % 3 == 0 ? CheckResult.down("gone") : CheckResult.up()));
        }
        CompletableFuture<?>[] readers = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.runAsync(() -> {
                    for (int n = 0; n < 2000; n++) {
                        HealthReport report = registry.check(Probe.READINESS);
                        assertThat(statuses(format.encodedOf(report.probe(), report.checks())))
                                .isEqualTo(report.checks().stream()
                                        .map(check -> check.name() + check.status())
                                        .collect(joining(",")));
                    }
                }))
                .toArray(CompletableFuture[]::new);
        CompletableFuture<Void> all = CompletableFuture.allOf(readers);

        for (int i = 0; !all.isDone(); i++) {
            registrations.get(i % 10).runNow();
        }

        all.join();
    }

    @Test
    void the_public_part_is_what_a_generator_of_json_writes() throws IOException {
        registerOneOfEachKind();
        String report = new String(format.report(registry.check(Probe.READINESS), false), UTF_8);
        ObjectMapper exact = JsonMapper.builder()
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .build();

        JsonNode tree = exact.readTree(report);

        assertThat(exact.writeValueAsString(tree) + "\n").isEqualTo(report);
        assertThat(tree.at("/checks/well").properties().stream().map(Map.Entry::getKey))
                .containsExactly("status", "required", "durationMs", "checkedAt", "since");
        assertThat(tree.at("/checks/gone").properties().stream().map(Map.Entry::getKey))
                .containsExactly(
                        "status",
                        "required",
                        "reason",
                        "durationMs",
                        "checkedAt",
                        "since",
                        "consecutiveFailures",
                        "ref");
        assertThat(tree.at("/checks/hangs").properties().stream().map(Map.Entry::getKey))
                .endsWith("ref", "runningForMs");
        assertThat(tree.at("/checks/gone/reason").textValue()).isEqualTo("no-route");
    }

    @Test
    void who_may_see_details_gets_the_same_public_part_first() throws IOException {
        registerOneOfEachKind();
        HealthReport report = registry.check(Probe.READINESS);

        String details = new String(format.report(report, true), UTF_8);

        for (Encoded check : format.encodedOf(report.probe(), report.checks())) {
            String everybody = text(check);
            assertThat(details).contains(everybody.substring(0, everybody.length() - 1));
        }
        assertThat(details).contains("\"message\":\"no \\\"route\\\"\"");
        assertThat(new ObjectMapper().readTree(details).at("/checks").size()).isEqualTo(3);
    }

    private void registerOneOfEachKind() {
        registry.register("well", CheckResult::up);
        registry.register(
                "gone", () -> CheckResult.down("no \"route\"").withReason("no-route"), CheckOptions::optional);
        registry.register("hangs", hang, o -> o.timeout(ofMillis(50))
                .cacheFor(Duration.ZERO)
                .interruptOnTimeout(false));
        await().until(() -> "stuck".equals(registry.check("hangs").orElseThrow().reason()));
    }

    private static String statuses(Encoded[] checks) {
        return Arrays.stream(checks)
                .map(check -> text(check).replaceAll("\"(.*?)\":\\{\"status\":\"(.*?)\".*", "$1$2"))
                .collect(joining(","));
    }

    private Encoded[] encoded() {
        HealthReport report = registry.check(Probe.READINESS);
        return format.encodedOf(report.probe(), report.checks());
    }

    private void assertNamesAreThoseOfTheReport() throws IOException {
        HealthReport report = registry.check(Probe.READINESS);
        List<String> names = new ArrayList<>();
        new ObjectMapper()
                .readTree(format.report(report, false))
                .get("checks")
                .fieldNames()
                .forEachRemaining(names::add);
        assertThat(names)
                .isEqualTo(report.checks().stream().map(CheckReport::name).toList());
    }

    private static String text(Encoded check) {
        return new String(check.bytes, UTF_8);
    }
}
