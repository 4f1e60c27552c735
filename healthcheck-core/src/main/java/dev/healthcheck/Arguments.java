package dev.healthcheck;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Refuses bad arguments, always in the form {@code timeout: PT-1S (expected: > 0)}. */
final class Arguments {
    private Arguments() {}

    static void require(boolean holds, String name, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(message(name, value, expected));
        }
    }

    static <T> T notNull(String name, @Nullable T value, String expected) {
        if (value == null) {
            throw new NullPointerException(message(name, null, expected));
        }
        return value;
    }

    static void positive(String name, Duration value) {
        require(notNull(name, value, "> 0").compareTo(Duration.ZERO) > 0, name, value, "> 0");
    }

    static void positive(String name, int value) {
        require(value > 0, name, value, "> 0");
    }

    static void notNegative(String name, Duration value) {
        require(!notNull(name, value, ">= 0").isNegative(), name, value, ">= 0");
    }

    static void atLeast(String name, Duration value, Duration least) {
        String expected = ">= " + least;
        require(notNull(name, value, expected).compareTo(least) >= 0, name, value, expected);
    }

    private static String message(String name, @Nullable Object value, String expected) {
        return name + ": " + value + " (expected: " + expected + ")";
    }
}
