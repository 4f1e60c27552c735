package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import dev.healthcheck.testkit.CapturedLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** C6 and C18: who says what about options, and who has the last word. */
class OptionLayersTest {
    private static final String BOTH = "cacheFor: PT2S (expected: not together with every(...))";

    private final List<HealthCheckRegistry> registries = new ArrayList<>();

    @AfterEach
    void close() {
        registries.forEach(HealthCheckRegistry::close);
    }

    @Test // C6
    void each_layer_changes_what_the_layer_before_it_said_and_adjust_has_the_last_word() {
        List<Duration> seen = new ArrayList<>();
        CheckReport report = report(
                o -> o.timeout(noted(o, seen).plusMillis(1)),
                o -> o.timeout(noted(o, seen).plusMillis(1)),
                o -> o.timeout(noted(o, seen).plusMillis(1)),
                (name, o) -> o.timeout(noted(o, seen).plusMillis(1)));

        assertThat(seen).containsExactly(ofMillis(800), ofMillis(801), ofMillis(802), ofMillis(803));
        assertThat(report.timeout()).isEqualTo(ofMillis(804));
    }

    private static Duration noted(CheckOptions options, List<Duration> seen) {
        seen.add(options.timeout);
        return options.timeout;
    }

    @Test // C6
    void adjust_is_told_of_which_check_it_decides_once_for_each_registration() {
        List<String> names = new ArrayList<>();
        HealthCheckRegistry registry = registry(o -> o, (name, o) -> {
            names.add(name);
            return name.equals("cache") ? o.optional() : o;
        });
        registry.register("db", CheckResult::up);
        registry.register("cache", CheckResult::up);

        assertThat(names).containsExactly("db", "cache");
        assertThat(registry.check("db").orElseThrow().required()).isTrue();
        assertThat(registry.check("cache").orElseThrow().required()).isFalse();
    }

    @Test // C6
    void of_required_optional_and_required_to_start_the_last_one_said_counts_in_whatever_layer() {
        UnaryOperator<CheckOptions> start = CheckOptions::requiredToStart;
        UnaryOperator<CheckOptions> nothing = o -> o;

        assertThat(need(report(start, nothing, nothing, (name, o) -> o))).isEqualTo("to start: false");
        assertThat(need(report(start, CheckOptions::optional, nothing, (name, o) -> o)))
                .isEqualTo("false");
        assertThat(need(report(start, nothing, o -> o.required(), (name, o) -> o)))
                .isEqualTo("true");
        assertThat(need(report(nothing, nothing, o -> o.required().optional().requiredToStart(), (name, o) -> o)))
                .isEqualTo("to start: false");
        assertThat(need(report(nothing, start, CheckOptions::optional, (name, o) -> o.requiredToStart())))
                .isEqualTo("to start: false");
    }

    private static String need(CheckReport report) {
        return (report.requiredToStart() ? "to start: " : "") + report.required();
    }

    @Test // C18
    void a_schedule_ends_the_cache_time_of_an_earlier_layer() {
        UnaryOperator<CheckOptions> cached = o -> o.cacheFor(ofSeconds(2));
        UnaryOperator<CheckOptions> scheduled = o -> o.every(ofSeconds(30));
        UnaryOperator<CheckOptions> nothing = o -> o;

        assertThat(report(cached, scheduled, nothing, (name, o) -> o).every()).isEqualTo(ofSeconds(30));
        assertThat(report(nothing, cached, scheduled, (name, o) -> o).every()).isEqualTo(ofSeconds(30));
        assertThat(report(nothing, nothing, cached, (name, o) -> o.every(ofSeconds(30)))
                        .every())
                .isEqualTo(ofSeconds(30));
    }

    @Test // C18
    void a_cache_time_ends_the_schedule_of_an_earlier_layer() {
        UnaryOperator<CheckOptions> cached = o -> o.cacheFor(ofSeconds(2));
        UnaryOperator<CheckOptions> scheduled = o -> o.every(ofSeconds(30));
        UnaryOperator<CheckOptions> nothing = o -> o;

        assertThat(report(scheduled, cached, nothing, (name, o) -> o).every()).isNull();
        assertThat(report(nothing, scheduled, cached, (name, o) -> o).every()).isNull();
        assertThat(report(nothing, nothing, scheduled, (name, o) -> o.cacheFor(ofSeconds(2)))
                        .every())
                .isNull();
    }

    @Test // C18
    void both_in_one_layer_are_refused_whichever_comes_first() {
        UnaryOperator<CheckOptions> both = o -> o.every(ofSeconds(30)).cacheFor(ofSeconds(2));
        UnaryOperator<CheckOptions> both2 = o -> o.cacheFor(ofSeconds(2)).every(ofSeconds(30));
        UnaryOperator<CheckOptions> nothing = o -> o;

        for (UnaryOperator<CheckOptions> options : List.of(both, both2)) {
            refused(() -> registry(options, (name, o) -> o), BOTH);
            refused(() -> report(nothing, options, nothing, (name, o) -> o), "db: " + BOTH);
            refused(() -> report(nothing, nothing, options, (name, o) -> o), "db: " + BOTH);
            refused(() -> report(nothing, nothing, nothing, (name, o) -> options.apply(o)), "db: " + BOTH);
        }
    }

    @Test // C8
    void what_adjust_says_is_refused_as_if_the_registration_said_it_with_the_name_of_the_check() {
        UnaryOperator<CheckOptions> nothing = o -> o;

        refused(
                () -> report(nothing, nothing, nothing, (name, o) -> o.timeout(ofSeconds(5))),
                "db: timeout: PT5S (expected: <= PT0.9S, or every(...))");
        refused(
                () -> report(nothing, nothing, nothing, (name, o) -> o.timeout(ofMillis(Long.parseLong("5s")))),
                "db: For input string: \"5s\"");
        assertThatThrownBy(() -> report(nothing, nothing, nothing, (name, o) -> null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("db: options: null (expected: the adjusted copy)");
        for (HealthCheckRegistry registry : registries) {
            assertThat(registry.names()).isEmpty();
        }
    }

    @Test // L13
    void interrupting_a_check_that_proposes_not_to_be_interrupted_is_a_warning() {
        UnaryOperator<CheckOptions> no = o -> o.interruptOnTimeout(false);
        UnaryOperator<CheckOptions> yes = o -> o.interruptOnTimeout(true);
        UnaryOperator<CheckOptions> nothing = o -> o;

        assertThat(warnings(nothing, no, yes, nothing)).isEqualTo(1);
        assertThat(warnings(nothing, no, nothing, yes)).isEqualTo(1);
        assertThat(warnings(no, no, nothing, yes)).isEqualTo(1);
        assertThat(warnings(nothing, no, yes, no)).isZero();
        assertThat(warnings(no, nothing, yes, nothing)).isZero();
        assertThat(warnings(nothing, yes, yes, yes)).isZero();
        assertThat(warnings(nothing, no, nothing, nothing)).isZero();
    }

    private long warnings(
            UnaryOperator<CheckOptions> defaults,
            UnaryOperator<CheckOptions> proposal,
            UnaryOperator<CheckOptions> options,
            UnaryOperator<CheckOptions> adjust) {
        try (CapturedLog log = new CapturedLog()) {
            report(defaults, proposal, options, (name, o) -> adjust.apply(o));
            registries.get(registries.size() - 1).close();
            return log.lines(Level.WARN).stream()
                    .filter(line -> line.getFormattedMessage()
                            .equals("db: interruptOnTimeout(true), although the check proposes false: an interrupt may"
                                    + " harm what the check uses"))
                    .count();
        }
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    /** The report on a check about which all of these have their say. */
    private CheckReport report(
            UnaryOperator<CheckOptions> defaults,
            UnaryOperator<CheckOptions> proposal,
            UnaryOperator<CheckOptions> options,
            BiFunction<String, CheckOptions, CheckOptions> adjust) {
        HealthCheckRegistry registry = registry(defaults, adjust);
        registry.register("db", new Proposing(proposal), options);
        return registry.check("db").orElseThrow();
    }

    private HealthCheckRegistry registry(
            UnaryOperator<CheckOptions> defaults, BiFunction<String, CheckOptions, CheckOptions> adjust) {
        HealthCheckRegistry registry =
                HealthCheckRegistry.builder().defaults(defaults).adjust(adjust).build();
        registries.add(registry);
        return registry;
    }

    private record Proposing(UnaryOperator<CheckOptions> proposal) implements HealthCheck {
        @Override
        public CheckResult check() {
            return CheckResult.up();
        }

        @Override
        public CheckOptions options(CheckOptions defaults) {
            return proposal.apply(defaults);
        }
    }
}
