package dev.healthcheck.micrometer;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** A meter registry whose exceptions go to the log: the first one at WARN, further ones at DEBUG. Thread-safe. */
final class ContainedMeters {
    private final MeterRegistry meters;
    private final Logger log;
    private final AtomicBoolean said = new AtomicBoolean();

    ContainedMeters(MeterRegistry meters, Logger log) {
        this.meters = meters;
        this.log = log;
    }

    boolean isOf(MeterRegistry other) {
        return meters == other;
    }

    /** Returns a new meter, or the one that the registry has already; null if the registry threw. */
    <M extends Meter> @Nullable M register(Function<MeterRegistry, M> registration) {
        try {
            return registration.apply(meters);
        } catch (Throwable t) {
            threw(t);
            return null;
        }
    }

    void remove(Meter meter) {
        run(() -> meters.remove(meter));
    }

    /** Runs {@code use}, which uses a meter. */
    void run(Runnable use) {
        try {
            use.run();
        } catch (Throwable t) {
            threw(t);
        }
    }

    private void threw(Throwable thrown) {
        if (said.compareAndSet(false, true)) {
            log.warn(
                    "the meter registry threw: a health meter misses a value. Further ones are logged at DEBUG.",
                    thrown);
        } else {
            log.debug("the meter registry threw: a health meter misses a value", thrown);
        }
    }
}
