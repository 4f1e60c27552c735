package dev.healthcheck.checks;

import static java.util.Objects.requireNonNull;

import dev.healthcheck.CheckOptions;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.Probe;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Checks of the machine or container that the process runs on. */
public final class SystemChecks {
    private SystemChecks() {}

    /**
     * Looks at the space that this process can still write to where {@code path} is. Too little is DOWN, reason
     * {@code disk-full}. A path that does not exist is DOWN, reason {@code no-such-path}: its parent may well be on
     * another disk, so no answer is taken from there.
     *
     * <p>Belongs to {@link Probe#READINESS}. A restart frees no space, so the check proposes
     * {@link CheckOptions#dependency()}, which keeps it out of {@link Probe#LIVENESS}. Space dwindles slowly; to look
     * {@link CheckOptions#every every} 30 seconds is often enough. A run may hang on a network file system that is
     * gone; the registry answers in time all the same.
     *
     * <p>Details: {@code path}, and in bytes {@code free}, {@code total} and {@code minimum}.
     *
     * @param path a file or directory on the disk, also if another file system is mounted there later
     * @param minimumFreeBytes positive; so much is enough
     * @return the check
     * @throws IllegalArgumentException if {@code minimumFreeBytes} is not positive
     */
    public static HealthCheck diskSpace(Path path, long minimumFreeBytes) {
        requireNonNull(path, "path");
        Arguments.require(minimumFreeBytes > 0, "minimumFreeBytes", minimumFreeBytes, "> 0");
        return new DiskSpace(path, minimumFreeBytes);
    }

    /**
     * Counts the open file descriptors of this process: files, sockets, pipes. More than the given share of those it may
     * have are DOWN, reason {@code file-descriptors}: at the limit no connection is accepted or made any more, and no
     * file opened.
     *
     * <p>Belongs to {@link Probe#READINESS}, where it takes load away. If it is a leak a restart cures it for a while;
     * then it may be in {@link Probe#LIVENESS}, too, with a larger share. The count takes longer the more are open, some
     * milliseconds for ten thousand. Needs the module {@code jdk.management}.
     *
     * <p>Details: {@code used} and {@code limit}, both counts; {@code share}, as given. Where there are no file
     * descriptors, as on Windows, it is UP with a detail {@code unknown} that says so.
     *
     * @param share above 0 and below 1; 0.9 is 90 %
     * @return the check
     * @throws IllegalArgumentException if {@code share} is no such number
     */
    public static HealthCheck fileDescriptors(double share) {
        return new FileDescriptors(new UsageLimit(share), ManagementFactory.getOperatingSystemMXBean());
    }

    /**
     * Looks at the memory that is in use in the container of this process, or on its machine if no container has a
     * limit. More than the given share of it is DOWN, reason {@code memory}: at the limit the kernel kills a process,
     * perhaps this one. It is the memory of all that runs in there, of this process much more than its heap.
     *
     * <p>Of the control groups (version 1 or 2) that this process is in, one in another, the one that is nearest to its
     * limit counts. File contents that the kernel has cached and not used for a while are not in use, as a kubelet
     * counts. On the machine, all but the {@code MemAvailable} of {@code /proc/meminfo} is in use.
     *
     * <p>Belongs to {@link Probe#READINESS}, where it takes load away before the kernel takes all; a heap that was sized
     * to fill its container keeps it there, so leave room. A restart cures it if it is this process that leaks, and the
     * kernel will see to that: leave it out of {@link Probe#LIVENESS}.
     *
     * <p>Details: in bytes {@code used} and {@code limit}; {@code share}, as given; {@code source}, the directory of the
     * control group or the file. On other systems than Linux it is UP with a detail {@code unknown} that says so.
     *
     * @param share above 0 and below 1; 0.9 is 90 %
     * @return the check
     * @throws IllegalArgumentException if {@code share} is no such number
     */
    public static HealthCheck memory(double share) {
        return new Memory(new UsageLimit(share), Path.of("/"));
    }

    private static final class DiskSpace implements HealthCheck {
        private final Path path;
        private final long minimum;

        DiskSpace(Path path, long minimum) {
            this.path = path;
            this.minimum = minimum;
        }

        @Override
        public CheckOptions options(CheckOptions defaults) {
            return defaults.dependency();
        }

        @Override
        public CheckResult check() throws IOException {
            try {
                return judge(Files.getFileStore(path));
            } catch (NoSuchFileException e) {
                return CheckResult.down(path + " does not exist")
                        .withReason("no-such-path")
                        .withDetail("path", path.toString());
            }
        }

        private CheckResult judge(FileStore store) throws IOException {
            long free = store.getUsableSpace();
            CheckResult result = free >= minimum ? CheckResult.up() : full(free);
            return result.withDetail("path", path.toString())
                    .withDetail("free", free)
                    .withDetail("total", store.getTotalSpace())
                    .withDetail("minimum", minimum);
        }

        private CheckResult full(long free) {
            return CheckResult.down("only " + free + " of " + minimum + " bytes free at " + path)
                    .withReason("disk-full");
        }
    }
}
