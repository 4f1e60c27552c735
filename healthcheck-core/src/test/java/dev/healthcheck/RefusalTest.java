package dev.healthcheck;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** C4 to C8: what a registration refuses, and with which words. */
class RefusalTest {
    private static final String PATTERN = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    private final HealthCheckRegistry registry = HealthCheckRegistry.create();

    @AfterEach
    void close() {
        registry.close();
    }

    @ParameterizedTest // C4
    @ValueSource(strings = {"", " ", "-db", ".db", "_db", "a b", "a/b", "ä", "a\n", "a\u0000"})
    void names_of_another_form(String name) {
        refused(() -> registry.register(name, CheckResult::up), "name: \"" + name + "\" (expected: " + PATTERN + ")");
    }

    @Test // C4
    void names_that_are_too_long() {
        assertThat(registry.register("a".repeat(64), CheckResult::up).name()).hasSize(64);
        String name = "a".repeat(65);
        refused(() -> registry.register(name, CheckResult::up), "name: \"" + name + "\" (expected: " + PATTERN + ")");
        assertThatThrownBy(() -> registry.register("a".repeat(1_000_000), CheckResult::up))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .hasSizeLessThan(1200);
    }

    @ParameterizedTest // C4
    @ValueSource(
            strings = {
                "live",
                "ready",
                "startup",
                "liveness",
                "readiness",
                "started",
                "livez",
                "readyz",
                "startupz",
                "healthz",
                "Live",
                "READINESS",
                "HealthZ"
            })
    void words_that_stand_for_probes_in_any_case(String name) {
        refused(
                () -> registry.register(name, CheckResult::up),
                "name: \"" + name + "\" (expected: not a word that stands for a probe)");
        assertThat(registry.register(name + "-1", CheckResult::up)).isNotNull();
    }

    @Test // C4
    void names_that_are_taken() {
        registry.register("db", CheckResult::up);

        refused(() -> registry.register("db", CheckResult::up), "name: \"db\" (expected: not yet registered)");
        assertThat(registry.register("DB", CheckResult::up)).isNotNull();
        assertThat(registry.check().checks()).hasSize(2);
    }

    @Test // C5
    void a_timeout_above_the_budget_without_a_schedule() {
        refused(o -> o.timeout(ofSeconds(5)), "timeout: PT5S (expected: <= PT0.9S, or every(...))");
        assertThat(registry.register("db", CheckResult::up, o -> o.timeout(ofMillis(900))))
                .isNotNull();
        assertThat(registry.register(
                        "slow", CheckResult::up, o -> o.timeout(ofSeconds(5)).every(ofSeconds(5))))
                .isNotNull();
    }

    @Test // C5
    void a_schedule_together_with_a_cache() {
        refused(
                o -> o.every(ofSeconds(30)).cacheFor(ofSeconds(2)),
                "cacheFor: PT2S (expected: not together with every(...))");
        try (var cached = HealthCheckRegistry.builder()
                .defaults(o -> o.cacheFor(ofSeconds(2)))
                .build()) {
            assertThat(cached.register("db", CheckResult::up, o -> o.every(ofSeconds(30))))
                    .isNotNull();
        }
    }

    @Test // C5
    void a_schedule_that_is_too_dense() {
        refused(o -> o.every(ofMillis(99)), "every: PT0.099S (expected: >= PT0.1S)");
        refused(o -> o.every(ofMillis(500)), "every: PT0.5S (expected: >= timeout PT0.8S)");
        refused(o -> o.every(ofSeconds(-1)), "every: PT-1S (expected: >= PT0.1S)");
    }

    @Test // C5
    void a_limit_for_slow_that_is_not_below_the_timeout() {
        refused(o -> o.slowAfter(ofMillis(800)), "slowAfter: PT0.8S (expected: < timeout PT0.8S)");
        assertThat(registry.register("db", CheckResult::up, o -> o.slowAfter(ofMillis(799))))
                .isNotNull();
    }

    @Test // C5
    void numbers_and_durations_that_are_not_positive() {
        refused(o -> o.timeout(ZERO), "timeout: PT0S (expected: > 0)");
        refused(o -> o.timeout(ofSeconds(-1)), "timeout: PT-1S (expected: > 0)");
        refused(o -> o.slowAfter(ZERO), "slowAfter: PT0S (expected: > 0)");
        refused(o -> o.cacheFor(ofMillis(-1)), "cacheFor: PT-0.001S (expected: >= 0)");
        refused(o -> o.failureThreshold(0), "failureThreshold: 0 (expected: > 0)");
        refused(o -> o.successThreshold(-1), "successThreshold: -1 (expected: > 0)");
        refused(() -> HealthCheckRegistry.builder().answerWithin(ZERO), "answerWithin: PT0S (expected: > 0)");
    }

    @Test // C7
    void a_dependency_in_liveness() {
        refused(
                o -> o.dependency().probes(Probe.LIVENESS),
                "probes: [LIVENESS] (expected: no dependency in LIVENESS: its outage would restart every instance;"
                        + " allowInLiveness() permits it)");
        assertThat(registry.register("db", CheckResult::up, o -> o.dependency()
                        .probes(Probe.LIVENESS)
                        .allowInLiveness()))
                .isNotNull();
    }

    @Test // R9h
    void a_check_of_liveness_that_is_required_to_start() {
        String message = "probes: [LIVENESS] (expected: no requiredToStart() in LIVENESS: it decides about traffic, not"
                + " about restarts; say required() or optional())";
        refused(o -> o.requiredToStart().probes(Probe.LIVENESS), message);
        refused(o -> o.probes(Probe.LIVENESS).optional().requiredToStart(), message);
        assertThat(registry.register("heap", CheckResult::up, o -> o.requiredToStart()
                        .probes(Probe.LIVENESS)
                        .required()))
                .isNotNull();
    }

    @Test // C8
    void what_was_refused_is_not_registered_and_its_name_is_free() {
        refused(o -> o.timeout(ofSeconds(5)), "timeout: PT5S (expected: <= PT0.9S, or every(...))");

        assertThat(registry.check().checks()).isEmpty();
        assertThat(registry.register("orders-db", CheckResult::up)).isNotNull();
    }

    @Test // C6
    void the_users_options_have_the_last_word_after_the_checks_own_and_the_registrys() {
        HealthCheck proposing = new HealthCheck() {
            @Override
            public CheckResult check() {
                return CheckResult.up();
            }

            @Override
            public CheckOptions options(CheckOptions defaults) {
                assertThat(defaults.startsRequired()).isFalse();
                return defaults.timeout(ofMillis(10)).interruptOnTimeout(false).dependency();
            }
        };
        try (var other =
                HealthCheckRegistry.builder().defaults(CheckOptions::optional).build()) {
            other.register("db", proposing, o -> {
                assertThat(o.timeout).isEqualTo(ofMillis(10));
                assertThat(o.interruptOnTimeout).isFalse();
                assertThat(o.dependency).isTrue();
                return o.required();
            });
            assertThat(other.check().checks().get(0).required()).isTrue();
        }
    }

    @Test // C5
    void nulls_wherever_something_is_given() {
        CheckOptions options = CheckOptions.initial(ofSeconds(1));
        HealthCheckRegistry.Builder builder = HealthCheckRegistry.builder();
        Map<String, ThrowingCallable> calls = Map.ofEntries(
                Map.entry("name", () -> registry.register(null, CheckResult::up)),
                Map.entry("check", () -> registry.register("db", null)),
                Map.entry("options", () -> registry.register("db", CheckResult::up, null)),
                Map.entry("options of a lambda", () -> registry.register("db", CheckResult::up, o -> null)),
                Map.entry("async check", () -> registry.registerAsync("db", null)),
                Map.entry("probe", () -> registry.check((Probe) null)),
                Map.entry("name asked for", () -> registry.check((String) null)),
                Map.entry("probe, async", () -> registry.checkAsync((Probe) null)),
                Map.entry("name asked for, async", () -> registry.checkAsync((String) null)),
                Map.entry("names asked for", () -> registry.check((Collection<String>) null)),
                Map.entry("names asked for, async", () -> registry.checkAsync((Collection<String>) null)),
                Map.entry("one of the names asked for", () -> registry.check(Collections.singleton(null))),
                Map.entry("probe read", () -> registry.latest((Probe) null)),
                Map.entry("name read", () -> registry.latest((String) null)),
                Map.entry("probe told", () -> registry.asked(null)),
                Map.entry("probe looked up", () -> registry.lastAsked(null)),
                Map.entry("listener", () -> registry.addListener(null)),
                Map.entry("listener removed", () -> registry.removeListener(null)),
                Map.entry("at least", () -> registry.awaitDrainSeen(1, null, ZERO)),
                Map.entry("at most", () -> registry.awaitDrainSeen(1, ZERO, null)),
                Map.entry("answerWithin", () -> builder.answerWithin(null)),
                Map.entry("defaults", () -> builder.defaults(null)),
                Map.entry("adjust", () -> builder.adjust(null)),
                Map.entry("executor", () -> builder.executor(null)),
                Map.entry("clock", () -> builder.clock(null)),
                Map.entry("timeout", () -> use(options.timeout(null))),
                Map.entry("cacheFor", () -> use(options.cacheFor(null))),
                Map.entry("every", () -> use(options.every(null))),
                Map.entry("slowAfter", () -> use(options.slowAfter(null))),
                Map.entry("first probe", () -> use(options.probes(null))),
                Map.entry("other probe", () -> use(options.probes(Probe.LIVENESS, (Probe) null))),
                Map.entry("other probes", () -> use(options.probes(Probe.LIVENESS, (Probe[]) null))),
                Map.entry("message of down", () -> use(CheckResult.down((String) null))),
                Map.entry("cause of down", () -> use(CheckResult.down((Throwable) null))),
                Map.entry("message of degraded", () -> use(CheckResult.degraded(null))),
                Map.entry("reason", () -> use(CheckResult.up().withReason(null))),
                Map.entry("key", () -> use(CheckResult.up().withDetail(null, 1))),
                Map.entry("cause", () -> use(CheckResult.up().withCause(null))),
                Map.entry("attachment", () -> use(CheckResult.up().withAttachment(null))),
                Map.entry("deadline", () -> Deadline.after(null)));

        calls.forEach((what, call) -> assertThatThrownBy(call).as(what).isInstanceOf(NullPointerException.class));
        assertThat(registry.check().checks()).isEmpty();
    }

    @Test // C8
    void nulls_among_the_options_with_what_was_expected_and_the_name_of_the_check() {
        String probes = "probes: null (expected: LIVENESS, READINESS or STARTUP, and no null)";
        refusedNull(o -> o.probes(null), probes);
        refusedNull(o -> o.probes(Probe.LIVENESS, (Probe) null), probes);
        refusedNull(o -> o.probes(Probe.LIVENESS, (Probe[]) null), probes);
        refusedNull(o -> o.timeout(null), "timeout: null (expected: > 0)");
        refusedNull(o -> o.cacheFor(null), "cacheFor: null (expected: >= 0)");
        refusedNull(o -> o.every(null), "every: null (expected: >= PT0.1S)");
        refusedNull(o -> null, "options: null (expected: the changed copy)");
    }

    @Test // C8
    void what_the_options_refuse_by_themselves_with_the_name_of_the_check_and_the_cause() {
        NumberFormatException notANumber = new NumberFormatException("For input string: \"5s\"");

        assertThatThrownBy(() -> registry.register("orders-db", CheckResult::up, o -> {
                    throw notANumber;
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("orders-db: For input string: \"5s\"")
                .hasCause(notANumber);
    }

    @Test // C8
    void what_the_check_itself_proposes_with_the_name_of_the_check() {
        HealthCheck proposing = new HealthCheck() {
            @Override
            public CheckResult check() {
                return CheckResult.up();
            }

            @Override
            public CheckOptions options(CheckOptions defaults) {
                return defaults.every(ofMillis(1));
            }
        };

        refused(() -> registry.register("orders-db", proposing), "orders-db: every: PT0.001S (expected: >= PT0.1S)");
    }

    @Test // C5
    void durations_beyond_all_measure_are_taken_as_for_ever() {
        Duration forEver = ChronoUnit.FOREVER.getDuration();
        registry.register("once", CheckResult::up, o -> o.every(forEver).timeout(forEver));
        registry.register("kept", CheckResult::up, o -> o.cacheFor(forEver));

        assertThat(registry.check().status()).isEqualTo(Status.UP);
        assertThat(registry.check().status()).isEqualTo(Status.UP);
        assertThat(Deadline.after(forEver).remaining()).isGreaterThan(Duration.ofDays(10_000));
        assertThat(Deadline.after(ofSeconds(Long.MIN_VALUE)).remaining()).isEqualTo(ZERO);
        try (var patient = HealthCheckRegistry.builder().answerWithin(forEver).build()) {
            patient.register("db", CheckResult::up, o -> o.timeout(forEver));
            assertThat(patient.check().status()).isEqualTo(Status.UP);
        }
    }

    /** Every refusal of options names the check. */
    private void refused(UnaryOperator<CheckOptions> options, String message) {
        refused(() -> registry.register("orders-db", CheckResult::up, options), "orders-db: " + message);
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    private void refusedNull(UnaryOperator<CheckOptions> options, String message) {
        assertThatThrownBy(() -> registry.register("orders-db", CheckResult::up, options))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("orders-db: " + message);
    }

    private static void use(Object result) {
        assertThat(result).isNotNull();
    }
}
