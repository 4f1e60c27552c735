package dev.healthcheck.checks;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** Refuses bad arguments, always in the form {@code port: 0 (expected: 1 to 65535)}. */
final class Arguments {
    private Arguments() {}

    static void require(boolean holds, String name, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
        }
    }

    static Duration positive(String name, Duration value) {
        require(requireNonNull(value, name).compareTo(Duration.ZERO) > 0, name, value, "> 0");
        return value;
    }
}
