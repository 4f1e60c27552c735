package dev.healthcheck.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckReport;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Probe;
import dev.healthcheck.Registration;
import dev.healthcheck.Status;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same report in each form. */
class FormatsTest {
    private static final String NOW = "2026-01-01T10:00:00.123Z";
    private static final String TIMES = "\"durationMs\":0.0,\"checkedAt\":\"" + NOW + "\",\"since\":\"" + NOW + "\"";
    private static final String HOSTILE = "jdbc://u:pw@h\n[+]fake ok\u001b[31m\u202e\"</script>";

    private final HealthCheckRegistry registry = HealthCheckRegistry.builder()
            .answerWithin(ofSeconds(20))
            .defaults(o -> o.timeout(ofSeconds(15)).cacheFor(ofMinutes(10)))
            .clock(() -> Instant.parse(NOW))
            .build();

    @BeforeEach
    void register() {
        registry.register("orders-db", CheckResult::up);
        registry.register("pool", () -> CheckResult.degraded("all in use")
                .withReason("pool-exhausted")
                .withDetail("max", 10));
        registry.register("cache", () -> CheckResult.down(HOSTILE).withReason("timeout"), o -> o.optional());
    }

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void json_tells_of_the_service_if_there_is_one_and_of_each_check() {
        String head = "{\"status\":\"DEGRADED\",\"probe\":\"ready\",\"timestamp\":\"" + NOW + "\",\"durationMs\":0.0,";
        String checks = "\"checks\":{"
                + "\"orders-db\":{\"status\":\"UP\",\"required\":true," + TIMES + "},"
                + "\"pool\":{\"status\":\"DEGRADED\",\"required\":true,\"reason\":\"pool-exhausted\"," + TIMES
                + ",\"ref\":\"REF\"},"
                + "\"cache\":{\"status\":\"DOWN\",\"required\":false,\"reason\":\"timeout\"," + TIMES
                + ",\"consecutiveFailures\":1,\"ref\":\"REF\"}}}\n";

        assertThat(steady(report(new JsonFormat(Map.of()), false))).isEqualTo(head + checks);
        assertThat(steady(report(new JsonFormat(Map.of("name", "orders")), false)))
                .isEqualTo(head + "\"service\":{\"name\":\"orders\"}," + checks);
    }

    @Test
    void json_of_the_whole_and_of_what_is_no_report_says_what_there_is_to_say() {
        HealthFormat format = new JsonFormat(Map.of());

        assertThat(text(format.report(registry.check(), false)))
                .startsWith("{\"status\":\"DEGRADED\",\"timestamp\":\"" + NOW + "\",");
        assertThat(text(format.pending(Status.UP))).isEqualTo("{\"status\":\"UP\",\"reason\":\"pending\"}\n");
        assertThat(text(format.problem("no such check"))).isEqualTo("{\"problem\":\"no such check\"}\n");
        registry.drain();
        assertThat(report(format, false))
                .startsWith("{\"status\":\"DOWN\",\"reason\":\"draining\",\"probe\":\"ready\",");
    }

    @Test
    void json_of_one_check_has_its_history_and_texts_for_who_may_see_them() {
        AtomicReference<CheckResult> result = new AtomicReference<>(CheckResult.up());
        Registration db = registry.register("db", result::get);
        db.runNow();
        result.set(CheckResult.down("no route")
                .withReason("unreachable")
                .withDetail("port", 5432)
                .withCause(new IOException("10.0.0.7")));
        db.runNow();
        String well = "{\"at\":\"" + NOW + "\",\"to\":\"UP\"}";
        String texts = ",\"message\":\"no route\"";
        String error = ",\"error\":\"java.io.IOException: 10.0.0.7\"";
        String details = ",\"details\":{\"port\":5432}";
        String success = ",\"lastSuccess\":\"" + NOW + "\"";

        JsonFormat format = new JsonFormat(Map.of());
        assertThat(steady(check(format, "db", false))).isEqualTo(json("", "", well));
        assertThat(steady(check(format, "db", true)))
                .isEqualTo(json(texts + details + error + success, texts + error, well));
        assertThat(check(HealthFormat.springBoot(), "db", true)).contains(texts + error);
        assertThat(check(format, "orders-db", true)).doesNotContain("details", "error", "message", "stack");
    }

    private static String json(String texts, String textsOfChange, String before) {
        return "{\"status\":\"DOWN\",\"name\":\"db\",\"required\":true,\"reason\":\"unreachable\"," + TIMES
                + ",\"consecutiveFailures\":1,\"ref\":\"REF\"" + texts + ",\"runs\":["
                + "{\"at\":\"" + NOW + "\",\"status\":\"UP\",\"durationMs\":0.0},"
                + "{\"at\":\"" + NOW + "\",\"status\":\"DOWN\",\"durationMs\":0.0}],\"changes\":["
                + before + ",{\"at\":\"" + NOW + "\",\"from\":\"UP\",\"to\":\"DOWN\",\"reason\":\"unreachable\","
                + "\"ref\":\"REF\"" + textsOfChange + "}]}\n";
    }

    @Test
    void json_of_a_stuck_check_says_for_how_long_and_to_whom_it_may_where() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        registry.register(
                "stuck",
                () -> {
                    begun.countDown();
                    return gate.await(60, SECONDS) ? CheckResult.up() : CheckResult.down("late");
                },
                o -> o.timeout(ofMillis(50)).cacheFor(Duration.ZERO).interruptOnTimeout(false));
        await().until(() -> "stuck".equals(registry.check("stuck").orElseThrow().reason()) && begun.getCount() == 0);
        CheckReport stuck = registry.check("stuck").orElseThrow();

        HealthFormat format = new JsonFormat(Map.of());
        assertThat(text(format.check(stuck, true)))
                .contains("\"runningForMs\":")
                .containsPattern("\"stack\":\\[\"[^\\]]*CountDownLatch\\.await");
        assertThat(text(format.check(stuck, false)))
                .contains("\"runningForMs\":")
                .doesNotContain("stack");
        gate.countDown();
    }

    @Test
    void plain_text_is_a_line_a_check_and_what_became_of_it() {
        HealthFormat format = new TextFormat();

        assertThat(report(format, false)).isEqualTo("""
                        [+]orders-db ok
                        [!]pool degraded: pool-exhausted
                        [-]cache failed: timeout (optional)
                        ready check passed, degraded
                        """);
        assertThat(check(format, "cache", false)).isEqualTo("[-]cache failed: timeout (optional)\n");
        assertThat(text(format.pending(Status.DOWN))).isEqualTo("health check failed: pending\n");
        assertThat(text(format.problem("no such check"))).isEqualTo("no such check\n");
        registry.drain();
        assertThat(report(format, false)).endsWith("\nready check failed: draining\n");
    }

    @Test
    void a_message_in_plain_text_can_neither_pose_as_another_check_nor_steer_a_terminal() {
        assertThat(check(new TextFormat(), "cache", true)).isEqualTo("""
                [-]cache failed: timeout (optional)
                   jdbc://u:pw@h [+]fake ok [31m "</script>
                """);
    }

    @Test
    void the_draft_s_form_passes_warns_or_fails() {
        HealthFormat format = new JsonForm(
                "application/health+json", null, new HealthJsonShape(Map.of("name", "orders", "version", "1.4.2")));

        assertThat(steady(report(format, false)))
                .isEqualTo("{\"status\":\"warn\",\"releaseId\":\"1.4.2\",\"description\":\"orders\",\"checks\":{"
                        + "\"orders-db\":[" + draft("orders-db", "pass", "") + "],"
                        + "\"pool\":[" + draft("pool", "warn", ",\"output\":\"pool-exhausted\"") + "],"
                        + "\"cache\":[" + draft("cache", "fail", ",\"output\":\"timeout\"") + "]}}\n");
        assertThat(check(format, "pool", true)).endsWith(",\"output\":\"all in use\"}\n");
        assertThat(text(format.pending(Status.UP))).isEqualTo("{\"status\":\"pass\",\"output\":\"pending\"}\n");
        assertThat(text(format.problem("no such check")))
                .isEqualTo("{\"status\":\"fail\",\"output\":\"no such check\"}\n");
        registry.drain();
        assertThat(report(format, false)).startsWith("{\"status\":\"fail\",");
        assertThat(report(format, false)).contains("\"output\":\"draining\",\"checks\"");
    }

    @Test
    void spring_boot_s_form_has_components_with_details() {
        HealthFormat format = HealthFormat.springBoot();

        assertThat(steady(report(format, false)))
                .isEqualTo("{\"status\":\"UP\",\"components\":{"
                        + "\"orders-db\":{\"status\":\"UP\",\"details\":{\"required\":true," + TIMES + "}},"
                        + "\"pool\":{\"status\":\"UP\",\"details\":{\"degraded\":true,\"required\":true,"
                        + "\"reason\":\"pool-exhausted\"," + TIMES + ",\"ref\":\"REF\"}},"
                        + "\"cache\":{\"status\":\"DOWN\",\"details\":{\"required\":false,\"reason\":\"timeout\","
                        + TIMES + ",\"consecutiveFailures\":1,\"ref\":\"REF\"}}}}\n");
        assertThat(text(format.report(registry.check(), false)))
                .endsWith("},\"groups\":[\"liveness\",\"readiness\"]}\n");
        assertThat(check(format, "pool", true)).endsWith(",\"message\":\"all in use\",\"details\":{\"max\":10}}}\n");
        assertThat(text(format.pending(Status.DOWN))).isEqualTo("{\"status\":\"DOWN\"}\n");
        assertThat(text(format.problem("no such check"))).isEqualTo("{\"error\":\"no such check\"}\n");
    }

    @Test
    void spring_boot_s_form_says_what_is_starting_draining_or_closed() {
        HealthFormat format = HealthFormat.springBoot();
        registry.register("migrations", () -> CheckResult.down("running"), o -> o.probes(Probe.STARTUP));

        assertThat(report(format, false))
                .startsWith("{\"status\":\"DOWN\",")
                .endsWith("," + state("DOWN", "starting") + "}}\n");
        registry.drain();
        assertThat(report(format, false))
                .startsWith("{\"status\":\"OUT_OF_SERVICE\",")
                .endsWith("," + state("OUT_OF_SERVICE", "draining") + "}}\n");
        assertThat(text(format.report(registry.check(), false)))
                .contains("," + state("OUT_OF_SERVICE", "draining") + "},\"groups\"");
        registry.close();
        assertThat(report(format, false))
                .startsWith("{\"status\":\"DOWN\",")
                .endsWith(state("DOWN", "closed") + "}}\n");
    }

    @Test
    void spring_boot_s_form_has_no_name_twice() {
        registry.register("readinessState", CheckResult::up);
        registry.drain();

        assertThat(report(HealthFormat.springBoot(), false)).containsOnlyOnce("\"readinessState\"");
    }

    private static String state(String status, String reason) {
        return "\"readinessState\":{\"status\":\"" + status + "\",\"details\":{\"reason\":\"" + reason + "\"}}";
    }

    @Test
    void micro_profile_s_form_has_an_array_of_checks_with_plain_data() {
        HealthFormat format = HealthFormat.microProfile();
        assertThat(format.contentType()).isEqualTo("application/json");

        assertThat(steady(report(format, false)))
                .isEqualTo("{\"status\":\"UP\",\"checks\":["
                        + "{\"name\":\"orders-db\",\"status\":\"UP\",\"data\":{\"required\":true," + TIMES + "}},"
                        + "{\"name\":\"pool\",\"status\":\"UP\",\"data\":{\"degraded\":true,\"required\":true,"
                        + "\"reason\":\"pool-exhausted\"," + TIMES + ",\"ref\":\"REF\"}},"
                        + "{\"name\":\"cache\",\"status\":\"DOWN\",\"data\":{\"required\":false,"
                        + "\"reason\":\"timeout\"," + TIMES + ",\"consecutiveFailures\":1,\"ref\":\"REF\"}}]}\n");
        assertThat(check(format, "pool", true))
                .endsWith(",\"message\":\"all in use\",\"max\":10}}]}\n")
                .startsWith("{\"status\":\"UP\",\"checks\":[{\"name\":\"pool\"");
        assertThat(text(format.pending(Status.DOWN))).isEqualTo(alone("pending", "DOWN"));
        assertThat(text(format.pending(Status.UP))).isEqualTo(alone("pending", "UP"));
        assertThat(text(format.problem("no such check"))).isEqualTo(alone("no such check", "DOWN"));
    }

    private static String alone(String name, String status) {
        return "{\"status\":\"" + status + "\",\"checks\":[" + procedure(name, status) + "]}\n";
    }

    private static String procedure(String name, String status) {
        return "{\"name\":\"" + name + "\",\"status\":\"" + status + "\"}";
    }

    @Test
    void micro_profile_s_form_has_a_check_for_what_makes_the_whole_down() {
        HealthFormat format = HealthFormat.microProfile();
        registry.register("migrations", () -> CheckResult.down("running"), o -> o.probes(Probe.STARTUP));

        assertThat(report(format, false))
                .startsWith("{\"status\":\"DOWN\",\"checks\":[{")
                .endsWith("," + procedure("starting", "DOWN") + "]}\n");
        registry.drain();
        assertThat(report(format, false)).endsWith("," + procedure("draining", "DOWN") + "]}\n");
        registry.close();
        assertThat(report(format, false)).endsWith(procedure("closed", "DOWN") + "]}\n");
    }

    @Test
    void micro_profile_s_data_are_the_details_as_they_are_under_their_own_names() {
        registry.register("all", () -> CheckResult.up()
                .withDetail("first-key", "first-value")
                .withDetail("lag", 12.5)
                .withDetail("open", true)
                .withDetail("pool", Map.of("max", 10))
                .withDetail("hosts", List.of("a\"b", 1))
                .withDetail("ratio", Double.NaN)
                .withDetail("reason", "mine"));

        assertThat(check(HealthFormat.microProfile(), "all", true))
                .contains(",\"first-key\":\"first-value\",\"lag\":12.5,\"open\":true,\"pool\":\"{\\\"max\\\":10}\",")
                .endsWith(",\"hosts\":\"[\\\"a\\\\\\\"b\\\",1]\",\"ratio\":\"NaN\",\"details.reason\":\"mine\"}}]}\n");
        assertThat(check(HealthFormat.microProfile(), "all", false)).doesNotContain("first-key", "mine");
    }

    @Test
    void details_have_the_same_limit_in_every_form() {
        List<String> texts = Collections.nCopies(99, "x".repeat(1_000));
        registry.register("much", () -> {
            CheckResult result = CheckResult.up();
            for (int i = 0; i < 100; i++) {
                result = result.withDetail("d" + i, texts);
            }
            return result;
        });

        for (HealthFormat format : allForms()) {
            boolean json = format.contentType().endsWith("json");
            assertThat(check(format, "much", true).getBytes(UTF_8).length)
                    .as(format.contentType())
                    .isLessThan(json ? 23_000 : 60_000);
        }
    }

    @Test
    void an_answer_in_json_begins_with_its_status_and_each_answer_ends_with_a_newline() {
        for (HealthFormat format : allForms()) {
            String form = format.contentType();
            List<String> verdicts = List.of(
                    report(format, false),
                    report(format, true),
                    text(format.report(registry.check(), false)),
                    check(format, "pool", false),
                    check(format, "cache", true),
                    text(format.pending(Status.UP)));
            if (form.endsWith("json")) {
                assertThat(verdicts).as(form).allMatch(text -> text.startsWith("{\"status\":\""));
            }
            assertThat(verdicts).as(form).allMatch(text -> text.endsWith("\n") && !text.endsWith("\n\n"));
            assertThat(text(format.problem("no such check"))).as(form).endsWith("\n");
        }
    }

    private static List<HealthFormat> allForms() {
        List<HealthFormat> all = new ArrayList<>(new Formats(Map.of(), List.of()).all());
        all.add(HealthFormat.springBoot());
        all.add(HealthFormat.microProfile());
        return all;
    }

    @Test
    void no_form_shows_what_is_sensitive_without_the_right() {
        allForms().forEach(this::assertTellsNothing);
    }

    @Test
    void a_form_of_one_s_own_replaces_ours_of_its_type_or_comes_last() {
        HealthFormat spring = HealthFormat.springBoot();
        assertThat(new Formats(Map.of(), List.of(spring)).all())
                .hasSize(4)
                .first()
                .isSameAs(spring);

        HealthFormat xml = new EmptyFormat("application/xml");
        assertThat(new Formats(Map.of(), List.of(xml)).all()).hasSize(5).last().isSameAs(xml);
    }

    @Test
    void forms_of_one_s_own_stand_side_by_side_and_the_last_of_a_type_counts() {
        HealthFormat spring = HealthFormat.springBoot();
        HealthFormat microProfile = HealthFormat.microProfile();
        HealthFormat xml = new EmptyFormat("application/xml");
        HealthFormat csv = new EmptyFormat("text/csv");

        assertThat(new Formats(Map.of(), List.of(xml, spring, csv, microProfile)).all())
                .hasSize(6)
                .startsWith(microProfile)
                .endsWith(xml, csv);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"*/*", "application/*", "application/vnd.spring-boot.actuator.v3+json, application/json"})
    void spring_boot_s_form_has_its_own_media_type_unless_json_is_asked_for(@Nullable String accept) {
        assertThat(contentTypeFor(accept)).isEqualTo("application/vnd.spring-boot.actuator.v3+json");
        assertThat(contentTypeFor("application/json")).isEqualTo("application/json");
    }

    private String contentTypeFor(@Nullable String accept) {
        return HealthEndpoint.builder(registry)
                .format(HealthFormat.springBoot())
                .build()
                .await(HealthRequest.of("GET", "/health", "", name -> name.equals("Accept") ? accept : null))
                .headers()
                .get("Content-Type");
    }

    @Test
    void a_form_without_a_content_type_is_refused() {
        assertThatThrownBy(() -> HealthEndpoint.builder(registry).format(new EmptyFormat("xml")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("contentType: xml (expected: type/subtype)");
    }

    private void assertTellsNothing(HealthFormat format) {
        assertThat(report(format, false) + check(format, "cache", false))
                .as(format.contentType())
                .doesNotContain("pw@h", "all in use")
                .contains("timeout");
        assertThat(report(format, true)).as(format.contentType()).contains("pw@h");
    }

    private static String draft(String name, String status, String output) {
        return "{\"status\":\"" + status + "\",\"componentId\":\"" + name
                + "\",\"componentType\":\"component\",\"time\":\"" + NOW
                + "\",\"observedValue\":0.0,\"observedUnit\":\"ms\"" + output + "}";
    }

    private String report(HealthFormat format, boolean details) {
        HealthReport report = registry.check(Probe.READINESS);
        return text(format.report(report, details));
    }

    private String check(HealthFormat format, String name, boolean details) {
        CheckReport check = registry.check(name).orElseThrow();
        return text(format.check(check, details));
    }

    private static String text(byte[] body) {
        return new String(body, UTF_8);
    }

    /** Replaces what differs from run to run. */
    private static String steady(String json) {
        return json.replaceAll("(durationMs|observedValue)\":[0-9.]+", "$1\":0.0")
                .replaceAll("\"ref\":\"[a-z0-9]+\"", "\"ref\":\"REF\"");
    }
}
