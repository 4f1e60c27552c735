package dev.healthcheck.http;

import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Status;
import java.util.Map;

/** A user's form whose answers are empty. */
public record EmptyFormat(String contentType, Map<String, String> headers) implements HealthFormat {
    public EmptyFormat(String contentType) {
        this(contentType, Map.of());
    }

    @Override
    public byte[] report(HealthReport report, boolean details) {
        return new byte[0];
    }

    @Override
    public byte[] check(CheckReport check, boolean details) {
        return new byte[0];
    }

    @Override
    public byte[] pending(Status status) {
        return new byte[0];
    }

    @Override
    public byte[] problem(String what) {
        return new byte[0];
    }
}
