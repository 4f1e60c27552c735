package dev.healthcheck.checks;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Counts the open file descriptors of this process, on systems that have them. */
final class FileDescriptors implements HealthCheck {
    private final UsageLimit limit;
    private final @Nullable UnixOperatingSystemMXBean system;
    private final Path open;

    /** {@code open} is the directory in which Linux lists the open descriptors. */
    FileDescriptors(UsageLimit limit, OperatingSystemMXBean system, Path open) {
        this.limit = limit;
        this.system = system instanceof UnixOperatingSystemMXBean unix ? unix : null;
        this.open = open;
    }

    @Override
    public CheckResult check() {
        if (system == null) {
            return unknown("this operating system has no file descriptors");
        }
        try {
            return judge(system.getOpenFileDescriptorCount(), system.getMaxFileDescriptorCount());
        } catch (InternalError e) { // the JDK cannot open the directory
            return Files.isDirectory(open) ? noneLeft(e) : unknown("there is no " + open);
        }
    }

    private CheckResult judge(long used, long most) {
        return used < 0 || most <= 0
                ? unknown("this operating system does not say")
                : limit.judge(used, most, Long::toString, "file descriptors are open", "file-descriptors");
    }

    /** Counting takes a descriptor. */
    private static CheckResult noneLeft(InternalError cause) {
        return CheckResult.down("no file descriptor is free for counting the open ones")
                .withReason("file-descriptors")
                .withCause(cause);
    }

    private static CheckResult unknown(String why) {
        return CheckResult.up().withDetail("unknown", why);
    }
}
