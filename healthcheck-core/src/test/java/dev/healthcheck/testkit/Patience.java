package dev.healthcheck.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.HealthCheckRegistry;
import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * Upper bounds for tests that a real clock measures, on a machine that may be busy with other things.
 *
 * <p>Two cases, two methods. Where the fault would take for ever, or much longer than promised, use {@link
 * #assertAnsweredWithin}: the test allows {@link #SLACK} times the promise. Where the fault would take a fixed time that is
 * not much longer than the promise, use {@link #assertOnceWithin}: a busy machine delays some attempts, the fault delays all
 * of them.
 */
public final class Patience {
    /**
     * The factor by which a test extends a promised time, for a machine that is overloaded several times. Default: 5. An
     * answer promised within 900 ms still comes before the waits of drivers, pools and networks end (5 s and longer).
     * {@code -Dhealthcheck.slack=...} sets another factor.
     */
    public static final int SLACK = Integer.getInteger("healthcheck.slack", 5);

    private static final int ATTEMPTS = 20;

    private Patience() {}

    /**
     * Returns a builder of registries whose answers and checks may take 30 s. What such a registry answers {@linkplain
     * #assertAnsweredWithin in time} does not come from a deadline.
     */
    public static HealthCheckRegistry.Builder builder() {
        Duration unreached = Duration.ofSeconds(30);
        return HealthCheckRegistry.builder().answerWithin(unreached).defaults(o -> o.timeout(unreached));
    }

    /** The code that a test measures; it may throw anything. */
    public interface Attempt {
        void run() throws Exception;
    }

    /** Returns how long a test waits for what is promised within {@code budget}. */
    public static Duration patiently(Duration budget) {
        return budget.multipliedBy(SLACK);
    }

    /** Asserts that {@code took} is at most {@link #SLACK} times {@code budget}. */
    public static void assertAnsweredWithin(Duration budget, Duration took) {
        assertThat(took)
                .as("time of an answer promised within %s, a busy machine considered", budget)
                .isLessThanOrEqualTo(patiently(budget));
    }

    /** Asks {@code question}, asserts that it took at most {@link #SLACK} times {@code budget}, and returns the answer. */
    public static <T> T assertAnsweredWithin(Duration budget, Callable<T> question) throws Exception {
        long begin = System.nanoTime();
        T answer = question.call();
        assertAnsweredWithin(budget, Duration.ofNanos(System.nanoTime() - begin));
        return answer;
    }

    /** Asserts that one of twenty attempts takes less than {@code bound}, which no factor extends. */
    public static void assertOnceWithin(Duration bound, Attempt attempt) throws Exception {
        Duration fastest = measure(attempt);
        for (int i = 1; i < ATTEMPTS && fastest.compareTo(bound) >= 0; i++) {
            Duration took = measure(attempt);
            fastest = took.compareTo(fastest) < 0 ? took : fastest;
        }
        assertThat(fastest).as("time of the fastest of %s attempts", ATTEMPTS).isLessThan(bound);
    }

    private static Duration measure(Attempt attempt) throws Exception {
        long begin = System.nanoTime();
        attempt.run();
        return Duration.ofNanos(System.nanoTime() - begin);
    }
}
