package dev.healthcheck.spring;

import dev.healthcheck.HealthCheck;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Checks by the paths that they would have in Actuator, for applications whose Actuator does not run in the registry.
 *
 * @param byPath makes each check
 */
record NamedChecks(Map<String, Supplier<HealthCheck>> byPath) {

    /** Arranges checks below {@code path}. */
    static Arrangement<NamedChecks> below(String path) {
        return new Arrangement<>() {

            @Override
            public NamedChecks one(Supplier<HealthCheck> check) {
                return new NamedChecks(Map.of(path, check));
            }

            @Override
            public NamedChecks several(Map<String, NamedChecks> each) {
                Map<String, Supplier<HealthCheck>> all = new LinkedHashMap<>();
                each.forEach((name, checks) -> checks.byPath.forEach(
                        (child, check) -> all.put(path + "/" + name + child.substring(path.length()), check)));
                return new NamedChecks(all);
            }
        };
    }

    /** Returns the paths of all checks and of all that is above one. */
    Set<String> paths() {
        Set<String> paths = new HashSet<>();
        for (String path : byPath.keySet()) {
            for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
                paths.add(path.substring(0, end));
            }
        }
        return paths;
    }
}
