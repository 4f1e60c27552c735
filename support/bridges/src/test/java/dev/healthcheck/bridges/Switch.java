package dev.healthcheck.bridges;

import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.testkit.Patience;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** A check that says what a test wants, and counts. Thread-safe. */
final class Switch implements HealthCheck {
    private final AtomicInteger questions = new AtomicInteger();

    volatile CheckResult answer = CheckResult.up();

    @Override
    public CheckResult check() {
        questions.incrementAndGet();
        return answer;
    }

    /** The second one began after the call, so whoever asks knows by it what holds. */
    void awaitTwoQuestions() {
        int before = questions.get();
        await().atMost(Patience.patiently(Duration.ofSeconds(5))).until(() -> questions.get() >= before + 2);
    }
}
