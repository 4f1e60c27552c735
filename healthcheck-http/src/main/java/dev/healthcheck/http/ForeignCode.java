package dev.healthcheck.http;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A function of the user that an endpoint calls. What it throws is logged at WARN once, then at DEBUG. Thread-safe. */
final class ForeignCode {
    private static final Logger LOG = LoggerFactory.getLogger("dev.healthcheck.http");

    private final String name;
    private final String consequence;
    private final AtomicBoolean said = new AtomicBoolean();

    /**
     * Describes a function.
     *
     * @param consequence what follows if it throws, as a clause
     */
    ForeignCode(String name, String consequence) {
        this.name = name;
        this.consequence = consequence;
    }

    void threw(Throwable thrown) {
        if (said.compareAndSet(false, true)) {
            LOG.warn("{} threw: {}. Further ones are logged at DEBUG.", name, consequence, thrown);
        } else {
            LOG.debug("{} threw", name, thrown);
        }
    }
}
