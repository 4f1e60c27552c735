package dev.healthcheck.checks;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import java.lang.management.OperatingSystemMXBean;
import org.jspecify.annotations.Nullable;

/** Counts the open file descriptors of this process, on systems that have them. */
final class FileDescriptors implements HealthCheck {
    private final UsageLimit limit;
    private final @Nullable UnixOperatingSystemMXBean system;

    FileDescriptors(UsageLimit limit, OperatingSystemMXBean system) {
        this.limit = limit;
        this.system = system instanceof UnixOperatingSystemMXBean unix ? unix : null;
    }

    @Override
    public CheckResult check() {
        return system == null
                ? CheckResult.up().withDetail("unknown", "this operating system has no file descriptors")
                : limit.judge(
                        system.getOpenFileDescriptorCount(),
                        system.getMaxFileDescriptorCount(),
                        "file descriptors are open",
                        "file-descriptors");
    }
}
