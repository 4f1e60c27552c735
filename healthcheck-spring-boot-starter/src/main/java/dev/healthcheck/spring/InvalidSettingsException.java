package dev.healthcheck.spring;

import org.jspecify.annotations.Nullable;

/**
 * Thrown at the start of an application if its properties name an unknown check or are out of range, or if two of its
 * beans have the same name.
 */
final class InvalidSettingsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String action;

    InvalidSettingsException(String message, @Nullable Throwable cause) {
        this(
                message,
                "Correct the properties below healthcheck. If a check is registered only after the start,"
                        + " healthcheck.validate-names=false accepts its name.",
                cause);
    }

    /**
     * Makes an exception.
     *
     * @param action what a person has to do
     */
    InvalidSettingsException(String message, String action, @Nullable Throwable cause) {
        super(message, cause);
        this.action = action;
    }

    String action() {
        return action;
    }
}
