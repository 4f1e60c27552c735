package dev.healthcheck.checks;

import static java.util.Comparator.comparingDouble;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads how much of the memory that this process may use is in use. It judges the Linux control group that is nearest to its
 * limit: the one of this process or one around it. If none has a limit, it judges the machine.
 */
final class Memory implements HealthCheck {
    private final UsageLimit usageLimit;
    private final Path root;

    /** {@code root} is that of the file system. */
    Memory(UsageLimit usageLimit, Path root) {
        this.usageLimit = usageLimit;
        this.root = root;
    }

    @Override
    public CheckResult check() throws IOException {
        Optional<Reading> tightest = groups().stream().max(comparingDouble(Reading::share));
        return tightest.isPresent() ? judge(tightest.get()) : machine();
    }

    private CheckResult machine() throws IOException {
        Path file = root.resolve("proc/meminfo");
        if (!Files.exists(file)) {
            return CheckResult.up().withDetail("unknown", "this operating system does not say");
        }
        long total = value(file, "MemTotal:") * 1024;
        return judge(new Reading(total - value(file, "MemAvailable:") * 1024, total, file));
    }

    private CheckResult judge(Reading reading) {
        return usageLimit
                .judge(reading.used, reading.limit, "bytes of memory are in use", "memory")
                .withDetail("source", reading.source.toString());
    }

    /** Returns the groups that have a limit. */
    private List<Reading> groups() throws IOException {
        Path file = root.resolve("proc/self/cgroup");
        if (Files.exists(file)) {
            List<String> lines = Files.readAllLines(file);
            for (Version version : Version.values()) {
                for (String line : lines) {
                    String[] parts = line.split(":", 3); // number, controllers, path
                    if (List.of(parts[1].split(",")).contains(version.controller)) {
                        return version.readings(root, parts[2]);
                    }
                }
            }
        }
        return List.of();
    }

    private static long value(Path file, String key) throws IOException {
        for (String line : Files.readAllLines(file)) {
            String[] words = line.split("\\s+", 3); // key, value, perhaps a unit
            if (words[0].equals(key)) {
                return Long.parseLong(words[1]);
            }
        }
        throw new IOException("no " + key + " in " + file);
    }

    private record Reading(long used, long limit, Path source) {
        double share() {
            return (double) used / limit;
        }
    }

    /** The first version controls the memory if both are mounted. */
    private enum Version {
        ONE("memory", "sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
        TWO("", "sys/fs/cgroup", "memory.max", "memory.current", "inactive_file");

        /** The first version expresses "no limit" by a number near the largest; it depends on the size of a page. */
        private static final long NO_LIMIT = Long.MAX_VALUE / 2;

        private final String controller;
        private final String mount;
        private final String limit;
        private final String usage;
        private final String cache;

        Version(String controller, String mount, String limit, String usage, String cache) {
            this.controller = controller;
            this.mount = mount;
            this.limit = limit;
            this.usage = usage;
            this.cache = cache;
        }

        /** Skips groups that are not there: in a container the path may be the machine's, and only its end is mounted. */
        List<Reading> readings(Path root, String path) throws IOException {
            Path top = root.resolve(mount);
            List<Reading> readings = new ArrayList<>();
            for (Path group = top.resolve("." + path).normalize();
                    group != null && group.startsWith(top);
                    group = group.getParent()) {
                long most = limitOf(group);
                if (most < NO_LIMIT) {
                    readings.add(new Reading(usedIn(group), most, group));
                }
            }
            return readings;
        }

        private long limitOf(Path group) throws IOException {
            Path file = group.resolve(limit);
            String text = Files.exists(file) ? Files.readString(file).strip() : "max";
            return text.equals("max") ? Long.MAX_VALUE : Long.parseLong(text);
        }

        /** Excludes the cache that the kernel drops when it needs memory, as a kubelet does. */
        private long usedIn(Path group) throws IOException {
            long all = Long.parseLong(Files.readString(group.resolve(usage)).strip());
            return Math.max(0, all - value(group.resolve("memory.stat"), cache));
        }
    }
}
