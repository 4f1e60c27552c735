package dev.healthcheck.checks;

import static java.util.stream.Collectors.partitioningBy;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * Adds up what the last collections of all heap pools left. The share is that of the whole heap: with the serial and parallel
 * collectors the old generation may stay full while a third of the heap is free.
 *
 * <p>The sum falls when a collection moves objects to the old generation, as that was collected before they came. So it is
 * believed to fall only as far as the old generation, with all that has been moved there since, leaves room for it.
 */
final class HeapAfterCollection implements HealthCheck {
    private static final Pattern OLD = Pattern.compile("old|tenured", Pattern.CASE_INSENSITIVE);

    private final UsageLimit limit;
    private final List<MemoryPoolMXBean> young;
    private final List<MemoryPoolMXBean> old;
    private final AtomicLong last = new AtomicLong();

    HeapAfterCollection(UsageLimit limit) {
        this(limit, ManagementFactory.getMemoryPoolMXBeans());
    }

    HeapAfterCollection(UsageLimit limit, List<MemoryPoolMXBean> pools) {
        this.limit = limit;
        Map<Boolean, List<MemoryPoolMXBean>> byAge = pools.stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .collect(partitioningBy(pool -> OLD.matcher(pool.getName()).find()));
        young = byAge.getOrDefault(false, List.of());
        old = byAge.getOrDefault(true, List.of());
    }

    @Override
    public CheckResult check() {
        return limit.judge(
                last.updateAndGet(this::next),
                Runtime.getRuntime().maxMemory(),
                Words::bytes,
                "of heap are in use after a collection",
                "heap-full");
    }

    /** Reads the young generation first: what moves meanwhile is then counted twice at most, and never missed. */
    private long next(long before) {
        long left = young.stream().mapToLong(HeapAfterCollection::left).sum();
        long most = left;
        for (MemoryPoolMXBean pool : old) {
            left += left(pool);
            most += pool.getUsage().getUsed();
        }
        return Math.max(left, Math.min(before, most));
    }

    /** At most what is in use now: G1 also frees old regions outside of what it calls a collection. */
    private static long left(MemoryPoolMXBean pool) {
        MemoryUsage afterCollection = pool.getCollectionUsage();
        return afterCollection == null
                ? 0
                : Math.min(afterCollection.getUsed(), pool.getUsage().getUsed());
    }
}
