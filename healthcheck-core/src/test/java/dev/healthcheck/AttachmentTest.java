package dev.healthcheck;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.VirtualRegistry.Switchable;
import dev.healthcheck.testkit.CapturedLog;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** C19 and C20: what an adapter gets back as it was, and that nothing else keeps or shows it. */
class AttachmentTest {
    private final VirtualRegistry rig = new VirtualRegistry();
    private final Switchable check = new Switchable();

    @Test // C19
    void a_report_has_the_very_object_that_the_last_run_attached() {
        Object first = new Object();
        check.answer = CheckResult.up().withAttachment(first);
        rig.registry.register("db", check);
        assertThat(rig.registry.latest("db").orElseThrow().attachment()).isNull();

        CheckReport report = rig.check("db");
        assertThat(report.attachment()).isSameAs(first);
        assertThat(rig.registry.latest("db").orElseThrow().attachment()).isSameAs(first);

        rig.advance(ofSeconds(1));
        Object second = new Object();
        check.answer = CheckResult.down("no").withAttachment(second);
        assertThat(rig.check("db").attachment()).isSameAs(second);
        assertThat(report.attachment()).as("of an older report").isSameAs(second);

        rig.advance(ofSeconds(1));
        check.answer = CheckResult.up();
        assertThat(rig.check("db").attachment()).isNull();
    }

    @Test // C19
    void no_copy_of_a_result_loses_it() {
        Object object = new Object();
        CheckResult result = CheckResult.degraded("so so").withAttachment(object);

        assertThat(result.withReason("slow").attachment()).isSameAs(object);
        assertThat(result.withDetail("rows", 3).attachment()).isSameAs(object);
        assertThat(result.withCause(new IllegalStateException()).attachment()).isSameAs(object);
        assertThat(CheckResult.up().attachment()).isNull();
    }

    @Test // C19
    void it_is_that_of_the_last_run_that_ended_in_time_whatever_is_shown() {
        Object object = new Object();
        check.answer = CheckResult.up().withAttachment(object);
        rig.registry.register("db", check, o -> o.failureThreshold(2));
        rig.check("db");
        rig.advance(ofSeconds(1));
        Object failed = new Object();
        check.answer = CheckResult.down("no").withAttachment(failed);

        CheckReport damped = rig.check("db");
        assertThat(damped.status()).isEqualTo(Status.UP);
        assertThat(damped.attachment()).isSameAs(failed);

        rig.advance(ofSeconds(1));
        rig.begin();
        rig.advanceWhileHanging(ofSeconds(1));
        check.answer = CheckResult.up().withAttachment(new Object());
        assertThat(rig.registry.latest("db").orElseThrow().reason()).isEqualTo("stuck");
        rig.workers.runAll();
        assertThat(rig.registry.latest("db").orElseThrow().attachment())
                .as("of the run that came back too late")
                .isSameAs(failed);

        rig.workers.refuse(true);
        rig.advance(ofMinutes(3));
        assertThat(rig.check("db").reason()).isEqualTo("rejected");
        assertThat(damped.attachment()).as("of a run that never began").isSameAs(failed);
    }

    @Test // C19
    void a_slow_run_and_an_asynchronous_one_have_it_too() {
        Object object = new Object();
        rig.registry.register(
                "slow",
                () -> {
                    rig.time.advance(ofMillis(200));
                    return CheckResult.up().withAttachment(object);
                },
                o -> o.slowAfter(ofMillis(100)));
        rig.registry.registerAsync(
                "async",
                () -> CompletableFuture.completedFuture(CheckResult.up().withAttachment(object)));

        assertThat(rig.check("slow").reason()).isEqualTo("slow");
        assertThat(rig.check("slow").attachment()).isSameAs(object);
        assertThat(rig.check("async").attachment()).isSameAs(object);
    }

    @Test // C20
    void no_text_and_no_line_shows_it() {
        Object secret = new Object() {
            @Override
            public String toString() {
                throw new AssertionError("somebody has made a text of it");
            }

            @Override
            public int hashCode() {
                throw new AssertionError("somebody has looked it up");
            }
        };
        check.answer = CheckResult.down("no").withReason("no").withAttachment(secret);
        try (CapturedLog log = new CapturedLog()) {
            rig.registry.register("db", check);
            HealthReport report = rig.readiness();

            assertThat(report).hasToString("DOWN [db DOWN (no)]");
            assertThat(check.answer).hasToString("DOWN (no)");
            assertThat(report.checks().get(0).details()).isEmpty();
            assertThat(log.messages()).isNotEmpty();
        }
    }

    @Test // C20
    void only_the_last_one_is_kept_though_reports_changes_history_and_a_passed_startup_check_remain() {
        rig.registry.register("db", check, o -> o.probes(Probe.STARTUP, Probe.READINESS));
        WeakReference<Object> first = runWithAttachment();
        HealthReport startup = rig.ask(Probe.STARTUP);
        HealthReport readiness = rig.readiness();
        assertThat(first.get()).isNotNull().isSameAs(readiness.checks().get(0).attachment());

        rig.advance(ofSeconds(1));
        WeakReference<Object> second = runWithAttachment();

        assertCollected(first);
        assertThat(second.get()).isNotNull();
        assertThat(startup.checks().get(0).changes()).hasSize(1);
        assertThat(rig.registry.latest(Probe.STARTUP).checks()).isEqualTo(startup.checks());
        assertThat(rig.changes).hasSize(1);
        assertThat(readiness.checks().get(0).runs()).hasSize(2);
    }

    @Test // C20
    void events_that_nobody_takes_do_not_keep_it() {
        rig.registry.register("db", check, o -> o.cacheFor(ZERO));
        rig.begin();
        WeakReference<Object> attached = attach();
        rig.workers.runNewest();
        check.answer = CheckResult.down("no");
        rig.begin();
        rig.workers.runNewest();

        assertThat(check.runs).hasValue(2);
        assertThat(rig.changes).as("told").isEmpty();
        assertCollected(attached);
    }

    @Test // C20
    void an_unregistered_check_keeps_none_nor_does_a_closed_registry() {
        Registration registration = rig.registry.register("db", check);
        WeakReference<Object> attached = runWithAttachment();
        CheckReport report = rig.registry.latest("db").orElseThrow();
        registration.close();
        assertThat(report.attachment()).isNull();
        assertCollected(attached);

        rig.registry.register("other", check);
        WeakReference<Object> other = runWithAttachment();
        rig.registry.close();
        assertThat(rig.registry.latest("other").orElseThrow().attachment()).isNull();
        assertCollected(other);
        assertThat(registration.name()).isEqualTo("db");
    }

    @Test // C20
    void a_run_that_ends_after_the_check_is_unregistered_or_too_late_keeps_none() {
        Stage stage = new Stage();
        Registration registration = rig.registry.registerAsync("db", stage);
        rig.begin();
        rig.workers.runAll();
        registration.close();
        assertCollected(stage.complete());

        Registration other = rig.registry.registerAsync("other", stage);
        rig.begin();
        rig.workers.runAll();
        rig.advance(ofSeconds(1));
        other.close();
        assertCollected(stage.complete());
        assertThat(List.of(registration.name(), other.name())).containsExactly("db", "other");
    }

    @Test // C20
    void a_deposit_keeps_none() {
        Object[] deposit = {new Object()};
        WeakReference<Object> attached = new WeakReference<>(deposit[0]);
        rig.registry.register("db", new HealthCheck() {
            @Override
            public CheckResult check() {
                throw new AssertionError("without its deadline");
            }

            @Override
            public CheckResult check(Deadline deadline) {
                deadline.ifMissed(CheckResult.down("far").withReason("far").withAttachment(deposit[0]));
                deposit[0] = null;
                rig.advance(ofSeconds(1));
                CheckReport missed = rig.registry.latest("db").orElseThrow();
                assertThat(missed.reason()).isEqualTo("far");
                assertThat(missed.attachment()).isNull();
                assertCollected(attached);
                return CheckResult.up();
            }
        });
        rig.begin();
        rig.workers.runAll();

        assertThat(attached.get()).isNull();
    }

    @Test // C20
    void an_idle_thread_keeps_none() {
        try (var registry = HealthCheckRegistry.create()) {
            Registration registration = registry.register("db", check);
            WeakReference<Object> attached = attach();
            assertThat(registration.runNow().attachment()).isNotNull();
            check.answer = CheckResult.up();

            assertThat(registration.runNow().attachment()).isNull();

            assertCollected(attached);
        }
    }

    private WeakReference<Object> attach() {
        Object object = new Object();
        check.answer = CheckResult.up().withAttachment(object);
        return new WeakReference<>(object);
    }

    private WeakReference<Object> runWithAttachment() {
        WeakReference<Object> attached = attach();
        assertThat(rig.readiness().checks()).isNotEmpty();
        check.answer = CheckResult.up();
        return attached;
    }

    private static void assertCollected(WeakReference<Object> reference) {
        await().until(() -> {
            System.gc();
            return reference.get() == null;
        });
    }

    /** Returns stages that complete when told, and keeps none. */
    private static final class Stage implements AsyncHealthCheck {
        private @Nullable CompletableFuture<CheckResult> stage;

        @Override
        public CompletionStage<CheckResult> checkAsync() {
            stage = new CompletableFuture<>();
            return stage.minimalCompletionStage();
        }

        WeakReference<Object> complete() {
            Object object = new Object();
            assertThat(stage).isNotNull();
            stage.complete(CheckResult.up().withAttachment(object));
            stage = null;
            return new WeakReference<>(object);
        }
    }
}
