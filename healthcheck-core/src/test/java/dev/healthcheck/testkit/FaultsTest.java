package dev.healthcheck.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckReport;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Faults that are none would prove nothing. */
class FaultsTest {
    private static final Instant DATE = Instant.parse("2030-05-06T07:08:09Z");

    @Test
    void whatever_is_to_be_thrown_is_thrown() {
        for (Throwable thrown : Faults.throwables()) {
            assertThatThrownBy(() -> Faults.throwing(thrown).check()).isSameAs(thrown);
            assertThatThrownBy(() -> Faults.throwingAsync(thrown).checkAsync()).isSameAs(thrown);
        }
        RuntimeException unspeakable = Faults.unspeakable();
        assertThatThrownBy(unspeakable::getMessage).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(unspeakable::toString).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void a_flapping_check_finds_one_after_the_other_and_begins_anew() throws Exception {
        HealthCheck flapping = Faults.flapping(CheckResult.up(), CheckResult.down("gone"), CheckResult.up());
        List<Status> found = new ArrayList<>();

        for (int i = 0; i < 5; i++) {
            found.add(flapping.check().status());
        }

        assertThat(found).containsExactly(Status.UP, Status.DOWN, Status.UP, Status.UP, Status.DOWN);
    }

    @Test
    void leaked_threads_stay_until_they_are_let_go() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        HealthCheck leaking = Faults.leakingThreads(end);

        leaking.check();
        leaking.check();

        assertThat(leaked()).isEqualTo(2);
        end.countDown();
        await().until(() -> leaked() == 0);
    }

    @Test
    void a_hang_ends_when_it_is_let_go_or_if_it_may_when_it_is_interrupted() throws Exception {
        Hang stubborn = new Hang();
        Hang interruptible = Hang.interruptible();
        Thread.currentThread().interrupt();

        assertThatThrownBy(interruptible::check).isInstanceOf(InterruptedException.class);

        CompletableFuture<Boolean> released = CompletableFuture.supplyAsync(() -> {
            await().until(() -> stubborn.interrupts.get() == 1);
            stubborn.release();
            return true;
        });
        Thread.currentThread().interrupt();
        assertThat(stubborn.check().status()).isEqualTo(Status.UP);
        assertThat(released).succeedsWithin(Duration.ofSeconds(10));
    }

    @Test
    void an_uncancellable_stage_leaves_its_source_alone() throws Exception {
        CompletableFuture<CheckResult> source = new CompletableFuture<>();

        Faults.uncancellable(source).checkAsync().toCompletableFuture().cancel(true);

        assertThat(source).isNotDone();
    }

    @Test // R18a
    void a_clock_tells_what_it_is_told_and_no_verdict_depends_on_one_that_jumps() {
        FakeClock clock = new FakeClock(Instant.EPOCH);
        clock.set(DATE);
        assertThat(askedTwice(clock).checkedAt()).isEqualTo(DATE);

        InstantSource jumping = FakeClock.jumping(Duration.ofDays(-3650));
        assertThat(Duration.between(jumping.instant(), jumping.instant())).isEqualTo(Duration.ofDays(3650));
        assertThat(askedTwice(jumping).status()).isEqualTo(Status.UP);
    }

    /** A check that would be down if it ran twice, asked twice within the time for which its verdict is good. */
    private static CheckReport askedTwice(InstantSource clock) {
        try (var registry = HealthCheckRegistry.builder().clock(clock).build()) {
            HealthCheck once = Faults.flapping(CheckResult.up(), CheckResult.down("run twice"));
            registry.register("once", once, o -> o.cacheFor(Duration.ofMinutes(1)));
            registry.check();
            return registry.check("once").orElseThrow();
        }
    }

    private static long leaked() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("leaked by a check"))
                .count();
    }
}
