package dev.healthcheck.checks;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;

/**
 * Adds up what the last collections of all heap pools left. The share is that of the whole heap: with the serial and parallel
 * collectors the old generation may stay full while a third of the heap is free.
 */
final class HeapAfterCollection implements HealthCheck {
    private final UsageLimit limit;
    private final List<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans();

    HeapAfterCollection(UsageLimit limit) {
        this.limit = limit;
    }

    @Override
    public CheckResult check() {
        long left = 0;
        for (MemoryPoolMXBean pool : pools) {
            if (pool.getType() == MemoryType.HEAP) {
                left += left(pool);
            }
        }
        return limit.judge(
                left,
                Runtime.getRuntime().maxMemory(),
                Words::bytes,
                "of heap are in use after a collection",
                "heap-full");
    }

    /** At most what is in use now: G1 also frees old regions outside of what it calls a collection. */
    private static long left(MemoryPoolMXBean pool) {
        MemoryUsage afterCollection = pool.getCollectionUsage();
        return afterCollection == null
                ? 0
                : Math.min(afterCollection.getUsed(), pool.getUsage().getUsed());
    }
}
