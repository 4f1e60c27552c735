package dev.healthcheck.testkit;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Has Awaitility look every 10 ms instead of every 100 ms, and for 30 s instead of 10 s: most of the time of a quiet machine
 * went into the former, and a busy one needs the latter. JUnit finds it by {@code META-INF/services}.
 */
public final class QuickPolls implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(Duration.ofMillis(10));
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    }
}
