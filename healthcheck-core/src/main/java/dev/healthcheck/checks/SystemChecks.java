package dev.healthcheck.checks;

import static java.util.Objects.requireNonNull;

import dev.healthcheck.CheckOptions;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.Probe;
import java.io.IOException;
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
        if (minimumFreeBytes <= 0) {
            throw new IllegalArgumentException("minimumFreeBytes: " + minimumFreeBytes + " (expected: > 0)");
        }
        return new DiskSpace(path, minimumFreeBytes);
    }

    private record DiskSpace(Path path, long minimum) implements HealthCheck {
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
