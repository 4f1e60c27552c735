package dev.healthcheck.spring;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The settings of each check by its path, such as {@code db} or {@code db/primary}. Thread-safe.
 *
 * <p>Only letters and digits of a name count, in either case, because the name of an environment variable has nothing
 * else: {@code HEALTHCHECK_CHECKS_DISKSPACE_TIMEOUT} is about {@code diskSpace}.
 */
final class SettingsByName {
    private final Map<String, CheckSettings> settings = new HashMap<>();
    private final Set<String> names;
    private final Set<String> ignored = ConcurrentHashMap.newKeySet();

    SettingsByName(Map<String, CheckSettings> checks) {
        names = Set.copyOf(checks.keySet());
        checks.forEach((name, check) -> settings.putIfAbsent(plain(name), check));
    }

    /**
     * Requires that each name belongs to a check, or is below a composite.
     *
     * @param paths the paths of all checks and composites
     * @param composites those of them whose children may change
     * @throws InvalidSettingsException if a name is unknown
     */
    void requireKnown(Set<String> paths, Set<String> composites) {
        Set<String> known = plain(paths);
        Set<String> above = plain(composites);
        List<String> unknown = names.stream()
                .filter(name -> !known.contains(plain(name)) && !isBelow(name, above))
                .sorted()
                .toList();
        if (!unknown.isEmpty()) {
            throw new InvalidSettingsException(
                    "healthcheck.checks: " + unknown + " (expected: some of " + new TreeSet<>(paths) + ")", null);
        }
    }

    private static boolean isBelow(String name, Set<String> composites) {
        int slash = name.lastIndexOf('/');
        return slash >= 0
                && (composites.contains(plain(name.substring(0, slash)))
                        || isBelow(name.substring(0, slash), composites));
    }

    private static Set<String> plain(Set<String> names) {
        return names.stream().map(SettingsByName::plain).collect(Collectors.toSet());
    }

    /** Returns the settings of a path, or those of the nearest composite above it that has some. */
    CheckSettings of(String path) {
        CheckSettings found =
                names.isEmpty() || ignored.contains(plain(path)) ? CheckSettings.NONE : settings.get(plain(path));
        if (found != null) {
            return found;
        }
        int slash = path.lastIndexOf('/');
        return slash < 0 ? CheckSettings.NONE : of(path.substring(0, slash));
    }

    /** Lets a path have no settings from now on. */
    void ignore(String path) {
        ignored.add(plain(path));
    }

    /** Returns a name without what the name of an environment variable cannot have. */
    private static String plain(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
    }
}
