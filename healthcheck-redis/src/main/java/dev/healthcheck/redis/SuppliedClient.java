package dev.healthcheck.redis;

import dev.healthcheck.Deadline;
import io.lettuce.core.AbstractRedisClient;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the application for its client in each run, and changes the connection with the client. Invariant: only the
 * connector of the latest client is open. Thread-safe. It calls the supplier on the thread of the run, without a lock.
 */
final class SuppliedClient implements ClientSource {
    private final Supplier<? extends @Nullable AbstractRedisClient> supplier;
    private final Function<AbstractRedisClient, Connector> connectors;
    /** The number of calls of the supplier that have begun. Guarded by this, like all below. */
    private long calls;

    private @Nullable Use latest;
    private boolean closed;

    SuppliedClient(
            Supplier<? extends @Nullable AbstractRedisClient> supplier,
            Function<AbstractRedisClient, Connector> connectors) {
        this.supplier = supplier;
        this.connectors = connectors;
    }

    @Override
    public ConnectionProvider current(Deadline deadline) {
        deadline.ifMissed(ErrorReplies.noClient("the supplier of the client has not returned"));
        long call = begin();
        AbstractRedisClient client = supplier.get();
        if (client == null) {
            throw new IllegalStateException("the supplier of the client returned null");
        }
        Use last = latest();
        return last != null && last.client == client ? last.connector : replaced(call, client);
    }

    @Override
    public void close() {
        Use last;
        synchronized (this) {
            closed = true;
            last = latest;
        }
        if (last != null) {
            last.connector.close();
        }
    }

    private synchronized long begin() {
        return ++calls;
    }

    private synchronized @Nullable Use latest() {
        return latest;
    }

    private Connector replaced(long call, AbstractRedisClient client) {
        var next = new Use(call, client, connectors.apply(client));
        Use discarded = replace(next);
        if (discarded != null) {
            discarded.connector.close();
        }
        Use kept = latest();
        return kept == null ? next.connector : kept.connector;
    }

    /** Makes {@code next} the latest, if it is, and returns the one that is used no more. */
    private synchronized @Nullable Use replace(Use next) {
        Use last = latest;
        if (closed || (last != null && last.isKeptInsteadOf(next))) {
            return next;
        }
        latest = next;
        return last;
    }

    private record Use(long call, AbstractRedisClient client, Connector connector) {

        /** A call that hung for a while may return a client that a later call has already replaced. */
        boolean isKeptInsteadOf(Use other) {
            return client == other.client || call > other.call;
        }
    }
}
