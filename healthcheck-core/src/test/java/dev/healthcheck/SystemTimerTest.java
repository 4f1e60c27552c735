package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.testkit.Faults;
import dev.healthcheck.testkit.Hang;
import dev.healthcheck.testkit.LiveThreads;
import dev.healthcheck.testkit.Patience;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Of R10 and R16: what the timer does when there is no thread for it, and when it is closed. */
class SystemTimerTest {
    private final LiveThreads threads = new LiveThreads();

    @Test // R14g
    void a_wake_up_for_which_no_thread_can_be_had_comes_as_soon_as_there_is_one() throws Exception {
        AtomicBoolean exhausted = new AtomicBoolean(true);
        try (var timer = new SystemTimer(ofSeconds(30), task -> {
            if (exhausted.get()) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return Threads.daemon("healthcheck-timer", task);
        })) {
            CountDownLatch woken = new CountDownLatch(2);
            timer.alarm(woken::countDown).callBy(timer.nanos());
            timer.alarm(woken::countDown).callBy(timer.nanos());

            exhausted.set(false);
            timer.retry();

            assertThat(woken.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test // R4a
    void an_answer_is_given_in_time_although_there_is_no_thread_for_the_timer() {
        Hang hang = new Hang();
        SystemTimer timer = new SystemTimer(ofSeconds(30), task -> {
            throw new OutOfMemoryError("unable to create native thread");
        });
        try (var registry =
                HealthCheckRegistry.builder().internals(timer, new Workers()).build()) {
            registry.register("up", CheckResult::up);
            registry.register("db", hang);

            HealthReport report = registry.check(Probe.READINESS);

            assertThat(report.checks()).extracting(CheckReport::reason).containsExactly(null, "timeout");
            Patience.assertAnsweredWithin(ofMillis(900), report.duration());
            hang.release();
        }
    }

    @Test // R16e
    void after_close_nothing_is_called_and_no_thread_is_left() {
        SystemTimer timer = new SystemTimer();
        AtomicBoolean called = new AtomicBoolean();
        Timer.Alarm alarm = timer.alarm(() -> called.set(true));
        alarm.callBy(timer.nanos() + TimeUnit.SECONDS.toNanos(2)); // long enough for close() to come before

        timer.close();
        timer.close();
        alarm.callBy(timer.nanos());
        timer.alarm(() -> called.set(true)).callBy(timer.nanos());
        alarm.close();

        await().untilAsserted(() -> assertThat(threads.since()).isEmpty());
        assertThat(called).isFalse();
    }

    @Test // R14b
    void its_thread_ends_when_nothing_is_to_be_done_and_another_begins_when_there_is() throws Exception {
        try (var timer = new SystemTimer(ofMillis(50), task -> Threads.daemon("healthcheck-timer", task))) {
            for (int i = 0; i < 2; i++) {
                CountDownLatch woken = new CountDownLatch(1);
                timer.alarm(woken::countDown).callBy(timer.nanos());
                assertThat(woken.await(10, TimeUnit.SECONDS)).isTrue();

                await().untilAsserted(() -> assertThat(threads.since()).isEmpty());
            }
        }
    }

    @Test // R16e
    void its_thread_keeps_no_class_loader() throws Exception {
        try (var timer = new SystemTimer()) {
            CompletableFuture<Optional<ClassLoader>> seen = new CompletableFuture<>();
            timer.alarm(() -> seen.complete(
                            Optional.ofNullable(Thread.currentThread().getContextClassLoader())))
                    .callBy(timer.nanos());

            assertThat(seen.get(10, TimeUnit.SECONDS)).isEmpty();
        }
    }

    @Test // R18d
    void alarms_come_in_the_order_of_their_times_whatever_the_order_in_which_they_are_set_moved_and_closed()
            throws Exception {
        try (var timer = new SystemTimer()) {
            Random random = new Random(17);
            List<Long> called = Collections.synchronizedList(new ArrayList<>());
            CountDownLatch allSet = new CountDownLatch(1);
            timer.alarm(() -> Faults.awaitUninterruptibly(allSet)).callBy(timer.nanos());
            long start = timer.nanos() + TimeUnit.MILLISECONDS.toNanos(300);
            int expected = 0;
            for (int i = 0; i < 500; i++) {
                long at = random.nextInt(200_000_000);
                Timer.Alarm alarm = timer.alarm(() -> called.add(at));
                alarm.callBy(start + at + random.nextInt(1_000_000));
                alarm.callBy(start + at);
                alarm.callBy(start + at + random.nextInt(1_000_000));
                if (random.nextInt(3) == 0) {
                    alarm.close();
                } else {
                    expected++;
                }
            }
            int all = expected;
            allSet.countDown();

            await().untilAsserted(() -> assertThat(called).hasSize(all));

            assertThat(called).isSorted();
        }
    }

    @Test // R10e
    void an_alarm_that_throws_is_called_again_when_it_is_set_again_and_disturbs_no_other() throws Exception {
        try (var timer = new SystemTimer()) {
            CountDownLatch calls = new CountDownLatch(2);
            Timer.Alarm throwing = timer.alarm(() -> {
                calls.countDown();
                throw new StackOverflowError("thrown on purpose");
            });
            CountDownLatch other = new CountDownLatch(1);
            throwing.callBy(timer.nanos());
            await().until(() -> calls.getCount() == 1);
            throwing.callBy(timer.nanos());
            timer.alarm(other::countDown).callBy(timer.nanos());

            assertThat(calls.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(other.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test // R15b
    void a_clock_of_the_users_is_never_asked_on_the_timers_thread() {
        Set<String> askers = ConcurrentHashMap.newKeySet();
        Hang hang = new Hang();
        InstantSource clock = () -> {
            askers.add(Thread.currentThread().getName());
            return Instant.now();
        };
        try (var registry = HealthCheckRegistry.builder().clock(clock).build()) {
            registry.register(
                    "scheduled", CheckResult::up, o -> o.every(ofMillis(100)).timeout(ofMillis(90)));
            registry.register("db", hang, o -> o.timeout(ofMillis(100)));
            assertThat(registry.checkAsync()).succeedsWithin(ofSeconds(10));
            await().until(() -> registry.check("scheduled").orElseThrow().runs().size() > 3);
            hang.release();

            assertThat(askers).isNotEmpty().doesNotContain("healthcheck-timer");
        }
    }

    @Test // R6c
    void jitter_is_a_tenth_at_most_in_both_directions() {
        try (var timer = new SystemTimer()) {
            List<Long> jittered = LongStream.generate(() -> timer.jittered(1_000_000))
                    .limit(1000)
                    .boxed()
                    .toList();

            assertThat(jittered)
                    .allSatisfy(nanos -> assertThat(nanos).isBetween(900_000L, 1_100_000L))
                    .anySatisfy(nanos -> assertThat(nanos).isLessThan(950_000L))
                    .anySatisfy(nanos -> assertThat(nanos).isGreaterThan(1_050_000L));
        }
    }
}
