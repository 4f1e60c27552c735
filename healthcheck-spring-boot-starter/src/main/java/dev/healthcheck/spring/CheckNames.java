package dev.healthcheck.spring;

import java.util.Set;
import java.util.regex.Pattern;

/** Names of checks for the paths of contributors, which may be any text. */
final class CheckNames {
    private static final int LONGEST = 64;
    private static final Pattern FOREIGN = Pattern.compile("[^A-Za-z0-9._-]");
    private static final Pattern NO_NAME = Pattern.compile(
            "(?i)[._-].*|" + "live|ready|startup|liveness|readiness|started|livez|readyz|startupz|healthz");

    private CheckNames() {}

    /** Returns a name for {@code path} that the registry accepts and that is not in {@code taken}. */
    static String of(String path, Set<String> taken) {
        String name = FOREIGN.matcher(path.replace('/', '.')).replaceAll("_");
        if (NO_NAME.matcher(name).matches()) {
            name = "check-" + name;
        }
        String free = cut(name, "");
        for (int number = 2; taken.contains(free); number++) {
            free = cut(name, "-" + number);
        }
        return free;
    }

    private static String cut(String name, String end) {
        return name.substring(0, Math.min(name.length(), LONGEST - end.length())) + end;
    }
}
