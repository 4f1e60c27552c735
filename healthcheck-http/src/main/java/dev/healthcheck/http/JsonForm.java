package dev.healthcheck.http;

import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Status;
import org.jspecify.annotations.Nullable;

/** Answers in the JSON of another system. */
final class JsonForm implements OwnFormat {
    private final String contentType;
    private final @Nullable String vendorType;
    private final JsonShape shape;

    JsonForm(String contentType, @Nullable String vendorType, JsonShape shape) {
        this.contentType = contentType;
        this.vendorType = vendorType;
        this.shape = shape;
    }

    @Override
    public @Nullable String vendorType() {
        return vendorType;
    }

    @Override
    public String contentType() {
        return contentType;
    }

    @Override
    public byte[] report(HealthReport report, boolean details) {
        return Json.answer(json -> shape.report(json, report, details));
    }

    @Override
    public byte[] check(CheckReport check, boolean details) {
        return Json.answer(json -> shape.check(json, check, details));
    }

    @Override
    public byte[] pending(Status status) {
        return Json.answer(json -> shape.pending(json, status));
    }

    @Override
    public byte[] problem(String what) {
        return Json.answer(json -> shape.problem(json, what));
    }
}
