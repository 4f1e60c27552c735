package dev.healthcheck.examples.fleet;

import dev.healthcheck.CheckOptions;
import java.util.Locale;

/** The option with which each instance registers the check of the shared database. */
enum Policy {
    REQUIRED,
    OPTIONAL,
    REQUIRED_TO_START;

    CheckOptions applyTo(CheckOptions options) {
        return switch (this) {
            case REQUIRED -> options.required();
            case OPTIONAL -> options.optional();
            case REQUIRED_TO_START -> options.requiredToStart();
        };
    }

    /** Returns the policy of that word, as {@link #toString} writes it. */
    static Policy of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
