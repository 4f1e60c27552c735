package dev.healthcheck.checks;

import static java.util.Objects.requireNonNull;

import dev.healthcheck.CheckOptions;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.Probe;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;

/** Checks of the machine or container that the process runs on. */
public final class SystemChecks {
    private SystemChecks() {}

    /**
     * Checks how much space this process can still use on the disk of {@code path}. Too little is DOWN, reason
     * {@code disk-full}. A path that does not exist is DOWN, reason {@code no-such-path}: its parent may be on another
     * disk, so the check does not look there. The same holds for devices, such as {@code /dev/sda1}, for pipes and for
     * sockets: they are not on the disk that they stand for.
     *
     * <p>The check also works where the JDK cannot find the path in the table of mounts, for example in a chroot. It throws
     * an {@code IOException} if the file system does not tell its size, as {@code /proc} does not.
     *
     * <p>Belongs to {@link Probe#READINESS}. A restart frees no space, so the check proposes
     * {@link CheckOptions#dependency()}, which keeps it out of {@link Probe#LIVENESS}. Space shrinks slowly:
     * {@link CheckOptions#every every} 30 seconds is often enough. A run may hang on a network file system that is gone;
     * the registry answers in time nevertheless.
     *
     * <p>Details: {@code path}, and in bytes {@code free}, {@code total} and {@code minimum}.
     *
     * @param path a file or directory on the disk; another file system may be mounted there later
     * @param minimumFreeBytes this much is enough; positive
     * @return the check
     * @throws IllegalArgumentException if {@code minimumFreeBytes} is not positive
     */
    public static HealthCheck diskSpace(Path path, long minimumFreeBytes) {
        requireNonNull(path, "path");
        Arguments.require(minimumFreeBytes > 0, "minimumFreeBytes", minimumFreeBytes, "> 0");
        return new DiskSpace(path, minimumFreeBytes, DiskSpace.Space::ofStore);
    }

    /**
     * Counts the open file descriptors of this process: files, sockets, pipes. More than the given share of the allowed
     * number is DOWN, reason {@code file-descriptors}: at the limit the process can neither accept nor open a connection,
     * and cannot open a file.
     *
     * <p>Belongs to {@link Probe#READINESS}, where it takes load away. A restart repairs a leak for a while; then the check
     * may also be in {@link Probe#LIVENESS}, with a larger share. Counting ten thousand descriptors takes some
     * milliseconds. Needs the module {@code jdk.management}.
     *
     * <p>Details: {@code used} and {@code limit}, both counts; {@code share}, as given. Counting takes a descriptor: if
     * none is free, the check is DOWN without these details. On systems without file descriptors, such as Windows, and
     * where {@code /proc} is not mounted, the check is UP and its detail {@code unknown} says so.
     *
     * @param share above 0 and below 1; 0.9 is 90 %
     * @return the check
     * @throws IllegalArgumentException if {@code share} is out of bounds
     */
    public static HealthCheck fileDescriptors(double share) {
        return new FileDescriptors(
                new UsageLimit(share), ManagementFactory.getOperatingSystemMXBean(), Path.of("/proc/self/fd"));
    }

    /**
     * Checks the memory in use in the container of this process, or on its machine if no container has a limit. More than
     * the given share is DOWN, reason {@code memory}: at the limit the kernel kills a process, perhaps this one. The memory
     * is that of everything in the container; of this process it is much more than the heap.
     *
     * <p>The process may be in several control groups (version 1 or 2), one inside the other. The one that is nearest to its
     * limit counts. A limit above the memory of the machine does not count, and neither does a group that this process
     * cannot read. As a kubelet does, the check excludes file contents that the kernel has cached and not used for a while.
     * On the machine, everything except the {@code MemAvailable} of {@code /proc/meminfo} is in use.
     *
     * <p>Belongs to {@link Probe#READINESS}, where it takes load away before the kernel kills the process. A heap that fills
     * its container keeps the check DOWN, so leave room. A restart repairs a leak of this process, and the kernel causes that
     * restart anyway: leave the check out of {@link Probe#LIVENESS}.
     *
     * <p>Details: in bytes {@code used} and {@code limit}; {@code share}, as given; {@code source}, the directory of the
     * control group or the file. On systems other than Linux, and where {@code /proc} is not mounted and no limit can be
     * read, the check is UP and its detail {@code unknown} says so.
     *
     * @param share above 0 and below 1; 0.9 is 90 %
     * @return the check
     * @throws IllegalArgumentException if {@code share} is out of bounds
     */
    public static HealthCheck memory(double share) {
        return new Memory(new UsageLimit(share), Path.of("/"));
    }
}
