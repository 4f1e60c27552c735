package dev.healthcheck.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;

import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Probe;
import dev.healthcheck.Status;
import dev.healthcheck.http.EncodedChecks.Encoded;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * This library's JSON. For speed, the head of a report is concatenated from constants and digits, and the public parts of
 * the checks are copied from a cache. A streaming generator writes everything else.
 */
final class JsonFormat implements OwnFormat {
    private static final int HEAD_LENGTH = 200;
    private static final byte[] NOTHING = {};

    // the constant parts of the head of a report
    private static final byte[] STATUS = "{\"status\":\"".getBytes(ISO_8859_1);
    private static final byte[] REASON = "\",\"reason\":\"".getBytes(ISO_8859_1);
    private static final byte[] PROBE = "\",\"probe\":\"".getBytes(ISO_8859_1);
    private static final byte[] TIMESTAMP = "\",\"timestamp\":\"".getBytes(ISO_8859_1);
    private static final byte[] DURATION = "\",\"durationMs\":".getBytes(ISO_8859_1);
    private static final byte[] CHECKS = "\"checks\":".getBytes(ISO_8859_1);
    private static final byte[] END = "}\n".getBytes(ISO_8859_1);

    /** The member {@code service} and a comma; empty without a service. */
    private final byte[] service;

    private final Map<Probe, EncodedChecks> encoded = new EnumMap<>(Probe.class);
    private final EncodedChecks encodedOverall = new EncodedChecks();

    /** Adds {@code service} to every report, unless it is empty. */
    JsonFormat(Map<String, String> service) {
        this.service = service.isEmpty() ? NOTHING : member(service);
        for (Probe probe : Probe.values()) {
            encoded.put(probe, new EncodedChecks());
        }
    }

    /** Has no charset: JSON is UTF-8, and the media type has no such parameter. */
    @Override
    public String contentType() {
        return "application/json";
    }

    @Override
    public byte[] report(HealthReport report, boolean details) {
        BodyBuffer head = head(report);
        return details
                ? withDetails(head, report.checks())
                : withPublicParts(head, encodedOf(report.probe(), report.checks()));
    }

    private static byte[] withPublicParts(BodyBuffer head, Encoded[] checks) {
        BodyBuffer body = new BodyBuffer(head.length() + lengthOf(checks)); // the exact size avoids another copy
        body.write(head);
        body.write('{');
        for (int i = 0; i < checks.length; i++) {
            if (i > 0) {
                body.write(',');
            }
            body.write(checks[i].bytes);
        }
        body.write('}');
        body.write(END);
        return body.bytes();
    }

    private static byte[] withDetails(BodyBuffer body, List<CheckReport> checks) {
        body.write(Json.object(json -> {
            for (CheckReport check : checks) {
                json.writeObjectFieldStart(check.name());
                JsonCheck.write(json, check, true);
                json.writeEndObject();
            }
        }));
        body.write(END);
        return body.bytes();
    }

    @Override
    public byte[] check(CheckReport check, boolean details) {
        return Json.answer(json -> {
            JsonCheck.writeNamed(json, check, details);
            JsonCheck.writeHistory(json, check, details);
        });
    }

    @Override
    public byte[] pending(Status status) {
        return Json.answer(json -> {
            json.writeStringField("status", status.name());
            json.writeStringField("reason", "pending");
        });
    }

    @Override
    public byte[] problem(String what) {
        return Json.answer(json -> json.writeStringField("problem", what));
    }

    /** Returns the encoded form of {@code checks}, from the cache of reports for {@code probe} where it holds them. */
    Encoded[] encodedOf(@Nullable Probe probe, List<CheckReport> checks) {
        EncodedChecks last = probe == null ? encodedOverall : encoded.get(probe);
        return requireNonNull(last).of(checks);
    }

    /** Writes everything before the first check. */
    private BodyBuffer head(HealthReport report) {
        BodyBuffer body = new BodyBuffer(HEAD_LENGTH + service.length);
        body.write(STATUS);
        body.write(report.status().name());
        if (report.reason() != null) {
            body.write(REASON);
            body.write(report.reason());
        }
        if (report.probe() != null) {
            body.write(PROBE);
            body.write(Paths.word(report.probe()));
        }
        body.write(TIMESTAMP);
        body.write(TimeText.of(report.timestamp()));
        body.write(DURATION);
        TimeText.write(report.duration(), body);
        body.write(',');
        body.write(service);
        body.write(CHECKS);
        return body;
    }

    /** Returns {@code "service":{...},}. */
    private byte[] member(Map<String, String> service) {
        BodyBuffer object = Json.object(json -> {
            json.writeObjectFieldStart("service");
            for (Map.Entry<String, String> entry : service.entrySet()) {
                json.writeStringField(JsonValues.wellFormed(entry.getKey()), JsonValues.wellFormed(entry.getValue()));
            }
            json.writeEndObject();
        });
        byte[] member = object.from(1);
        member[member.length - 1] = ',';
        return member;
    }

    /** Returns the length of the checks in their braces, with the commas between them, and of the end. */
    private static int lengthOf(Encoded[] checks) {
        int length = Math.max(0, checks.length - 1) + END.length + 2;
        for (Encoded check : checks) {
            length += check.bytes.length;
        }
        return length;
    }
}
