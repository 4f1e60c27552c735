package dev.healthcheck.micrometer;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Gives all reads of one scrape the same snapshot, although no meter registry says when a scrape begins. Reads belong
 * together that follow each other within 50 ms. No snapshot is used for longer than a second. Thread-safe: threads that
 * read at the same time may take one snapshot each.
 */
final class Scrape {
    private static final long GAP = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(1);

    private final Supplier<Snapshot> source;
    private final LongSupplier nanos;
    private volatile @Nullable Taken taken;
    private volatile long readAt;

    Scrape(Supplier<Snapshot> source, LongSupplier nanos) {
        this.source = source;
        this.nanos = nanos;
    }

    Snapshot read() {
        long now = nanos.getAsLong();
        Taken last = taken;
        if (last == null || now - readAt > GAP || now - last.at > LONGEST) {
            last = new Taken(source.get(), now);
            taken = last;
        }
        readAt = now;
        return last.snapshot;
    }

    private record Taken(Snapshot snapshot, long at) {}
}
