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

    /**
     * Refuses what is neither a name nor an address. The JDK takes an empty host for this machine, so a setting that is
     * missing would make the check UP.
     */
    static String host(String name, String value) {
        boolean holds = !requireNonNull(value, name).isEmpty();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            holds &= Character.isLetterOrDigit(c) || ".-_:[]%".indexOf(c) >= 0;
        }
        require(holds && hasNoPort(value), name, '"' + value + '"', "a name or an address, without a port");
        return value;
    }

    /** An address of IPv6 has two colons at least. */
    private static boolean hasNoPort(String host) {
        int colon = host.indexOf(':');
        return colon < 0 || (colon != host.lastIndexOf(':') && host.indexOf("]:") < 0);
    }

    static Duration positive(String name, Duration value) {
        require(requireNonNull(value, name).compareTo(Duration.ZERO) > 0, name, value, "> 0");
        return value;
    }
}
