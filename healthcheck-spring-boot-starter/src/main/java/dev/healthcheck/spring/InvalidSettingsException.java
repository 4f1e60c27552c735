package dev.healthcheck.spring;

import org.jspecify.annotations.Nullable;

/** Thrown at the start of an application whose properties name a check that there is not, or are out of range. */
final class InvalidSettingsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    InvalidSettingsException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
