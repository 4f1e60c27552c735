package dev.healthcheck.benchmarks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The measurements of several contenders that took turns. */
final class Rounds<T> {
    private final Map<String, List<T>> byContender = new HashMap<>();

    void add(String contender, T round) {
        byContender.computeIfAbsent(contender, name -> new ArrayList<>()).add(round);
    }

    double[] values(String contender, ToDoubleFunction<T> value) {
        return byContender.getOrDefault(contender, List.of()).stream()
                .mapToDouble(value)
                .toArray();
    }
}
