package dev.healthcheck.grpc;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to the log on a thread of the registry, because a log can block, and no answer may wait for it. Drops lines while
 * one is being written, so a log that blocks holds one thread. Never throws. Thread-safe.
 */
final class DeferredLog {
    private static final Logger LOG = LoggerFactory.getLogger("dev.healthcheck.grpc");

    private final Executor workers;
    private final AtomicBoolean writing = new AtomicBoolean();

    DeferredLog(Executor workers) {
        this.workers = workers;
    }

    /** Returns false if the line is dropped. */
    boolean write(Consumer<Logger> line) {
        if (writing.getAndSet(true)) {
            return false;
        }
        try {
            workers.execute(() -> writeNow(line));
            return true;
        } catch (Throwable t) { // no memory: there is nobody to tell
            writing.set(false);
            return false;
        }
    }

    /** Writes a line unless {@code said}, which is true from then on. A line that is dropped is written the next time. */
    void writeOnce(AtomicBoolean said, Consumer<Logger> line) {
        if (!said.getAndSet(true) && !write(line)) {
            said.set(false);
        }
    }

    private void writeNow(Consumer<Logger> line) {
        try {
            line.accept(LOG);
        } finally {
            writing.set(false);
        }
    }
}
