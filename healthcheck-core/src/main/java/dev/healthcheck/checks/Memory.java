package dev.healthcheck.checks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads how much of the memory that this process may use is in use. It judges the Linux control group that is nearest to its
 * limit: the one of this process or one around it. If none has a limit below the memory of the machine, it judges the
 * machine. What cannot be read is not known: it is neither a limit nor an error.
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
    public CheckResult check() {
        Optional<Reading> machine = machine();
        long most = machine.map(Reading::limit).orElse(Long.MAX_VALUE);
        return groups().stream()
                .filter(group -> group.limit < most)
                .max(Comparator.comparingDouble(Reading::share))
                .or(() -> machine)
                .map(this::judge)
                .orElseGet(() -> CheckResult.up().withDetail("unknown", "this operating system does not say"));
    }

    private CheckResult judge(Reading reading) {
        return usageLimit
                .judge(reading.used, reading.limit, Words::bytes, "of memory are in use", "memory")
                .withDetail("source", reading.source.toString());
    }

    private Optional<Reading> machine() {
        Path file = root.resolve("proc/meminfo");
        OptionalLong total = value(file, "MemTotal:");
        OptionalLong available = value(file, "MemAvailable:");
        return total.isPresent() && available.isPresent()
                ? Reading.of((total.getAsLong() - available.getAsLong()) * 1024, total.getAsLong() * 1024, file)
                : Optional.empty();
    }

    /** Returns the groups that have a limit. */
    private List<Reading> groups() {
        List<String> lines = lines(root.resolve("proc/self/cgroup"));
        for (Version version : Version.values()) {
            for (String line : lines) {
                String[] parts = line.split(":", 3); // number, controllers, path
                if (parts.length == 3 && List.of(parts[1].split(",")).contains(version.controller)) {
                    return version.readings(root, parts[2]);
                }
            }
        }
        return List.of();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, ISO_8859_1); // names of groups have any bytes
        } catch (IOException e) {
            return List.of();
        }
    }

    private static OptionalLong value(Path file, String key) {
        for (String line : lines(file)) {
            String[] words = line.split("\\s+", 3); // key, value, perhaps a unit
            if (words.length > 1 && words[0].equals(key)) {
                return number(words[1]);
            }
        }
        return OptionalLong.empty();
    }

    private static OptionalLong number(String text) {
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) { // among others "max"
            return OptionalLong.empty();
        }
    }

    private record Reading(long used, long limit, Path source) {
        /** Returns nothing for a limit of zero: no process runs in such a group. */
        static Optional<Reading> of(long used, long limit, Path source) {
            return limit > 0 ? Optional.of(new Reading(Math.max(0, used), limit, source)) : Optional.empty();
        }

        double share() {
            return (double) used / limit;
        }
    }

    /** The first version controls the memory if both are mounted. */
    private enum Version {
        ONE("memory", "memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
        TWO("", "unified", "memory.max", "memory.current", "inactive_file");

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
        List<Reading> readings(Path root, String path) {
            Path top = top(root.resolve("sys/fs/cgroup"));
            List<Reading> readings = new ArrayList<>();
            for (Path group = group(top, path); group != null && group.startsWith(top); group = group.getParent()) {
                reading(group).ifPresent(readings::add);
            }
            return readings;
        }

        /** The second version has a directory of its own only beside the first. */
        private Path top(Path mounts) {
            Path own = mounts.resolve(mount);
            return this == ONE || Files.isDirectory(own) ? own : mounts;
        }

        /** Returns the top for a path that leaves what is mounted: a container sees its own group there. */
        private static Path group(Path top, String path) {
            try {
                return List.of(path.split("/")).contains("..")
                        ? top
                        : top.resolve("." + path).normalize();
            } catch (InvalidPathException e) { // bytes that the locale of this JVM cannot express
                return top;
            }
        }

        private Optional<Reading> reading(Path group) {
            long most = limitOf(group);
            OptionalLong used = firstNumber(group.resolve(usage));
            OptionalLong reclaimable = value(group.resolve("memory.stat"), cache);
            return most < NO_LIMIT && used.isPresent() && reclaimable.isPresent()
                    ? Reading.of(used.getAsLong() - reclaimable.getAsLong(), most, group)
                    : Optional.empty();
        }

        /** In the first version a group knows the limits of the groups around it, also of those that it cannot see. */
        private long limitOf(Path group) {
            long own = firstNumber(group.resolve(limit)).orElse(Long.MAX_VALUE);
            return this == TWO
                    ? own
                    : Math.min(
                            own,
                            value(group.resolve("memory.stat"), "hierarchical_memory_limit")
                                    .orElse(Long.MAX_VALUE));
        }

        private static OptionalLong firstNumber(Path file) {
            List<String> lines = lines(file);
            return lines.isEmpty() ? OptionalLong.empty() : number(lines.get(0).strip());
        }
    }
}
