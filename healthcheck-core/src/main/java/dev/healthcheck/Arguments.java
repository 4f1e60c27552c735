package dev.healthcheck;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** Refuses bad arguments, always in the form {@code timeout: PT-1S (expected: > 0)}. */
final class Arguments {
    private Arguments() {}

    static void require(boolean holds, String name, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
        }
    }

    static void positive(String name, Duration value) {
        require(requireNonNull(value, name).compareTo(Duration.ZERO) > 0, name, value, "> 0");
    }

    static void positive(String name, int value) {
        require(value > 0, name, value, "> 0");
    }

    static void notNegative(String name, Duration value) {
        require(!requireNonNull(value, name).isNegative(), name, value, ">= 0");
    }

    static void atLeast(String name, Duration value, Duration least) {
        require(requireNonNull(value, name).compareTo(least) >= 0, name, value, ">= " + least);
    }
}
