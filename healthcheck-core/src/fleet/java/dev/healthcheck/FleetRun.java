package dev.healthcheck;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** A run of the driver of {@code examples/fleet}: its settings, and what came of them. */
record FleetRun(FleetSettings settings, FleetResult result) {

    /** Reads a line of words such as {@code outage=30000}; durations are in milliseconds. */
    static FleetRun parse(String line) {
        Words words = new Words(Arrays.stream(line.split(" "))
                .map(word -> word.split("=", 2))
                .collect(Collectors.toMap(word -> word[0], word -> word[1])));
        FleetSettings settings = new FleetSettings(
                FleetPolicy.of(words.word("policy")),
                words.number("instances"),
                words.number("restarted"),
                words.number("rate"),
                words.probing(),
                words.course(),
                1);
        FleetResult result = new FleetResult(
                words.number("served"),
                words.number("degraded"),
                words.number("failed"),
                words.millis("recovery"),
                words.number("restarts"));
        return new FleetRun(settings, result);
    }

    private record Words(Map<String, String> values) {
        String word(String name) {
            return requireNonNull(values.get(name), name);
        }

        int number(String name) {
            return Integer.parseInt(word(name));
        }

        FleetSettings.Probing probing() {
            return new FleetSettings.Probing(millis("interval"), number("fall"), number("rise"));
        }

        FleetSettings.Course course() {
            return new FleetSettings.Course(
                    millis("before"),
                    millis("outage"),
                    millis("after"),
                    millis("restartAfter"),
                    millis("drain"),
                    millis("restart"));
        }

        Duration millis(String name) {
            return Duration.ofMillis(number(name));
        }
    }
}
