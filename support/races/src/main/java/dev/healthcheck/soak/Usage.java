package dev.healthcheck.soak;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.function.ToLongFunction;

/**
 * The resources that the process holds at one moment.
 *
 * @param heap bytes, after full collections
 * @param threads that are alive
 * @param files open ones and sockets; zero where that cannot be asked
 * @param classes that are loaded
 */
record Usage(long heap, long threads, long files, long classes) {
    private static final int COLLECTIONS = 3;

    static Usage now() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return new Usage(
                runtime.totalMemory() - runtime.freeMemory(),
                ManagementFactory.getThreadMXBean().getThreadCount(),
                openFiles(),
                ManagementFactory.getClassLoadingMXBean().getLoadedClassCount());
    }

    private static long openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getOpenFileDescriptorCount()
                : 0;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%8.1f MB %8d %8d %8d", heap / 1e6, threads, files, classes);
    }

    /** Something that must not grow, and by how much it may seem to. */
    record Measure(String name, ToLongFunction<Usage> of, double share, long margin) {
        static final Measure[] ALL = {
            new Measure("heap", Usage::heap, 0.10, 2_000_000),
            new Measure("threads", Usage::threads, 0.10, 5),
            new Measure("files", Usage::files, 0.10, 5),
            new Measure("classes", Usage::classes, 0.02, 100),
        };

        boolean hasGrown(double before, double after) {
            return after > before * (1 + share) + margin;
        }
    }
}
