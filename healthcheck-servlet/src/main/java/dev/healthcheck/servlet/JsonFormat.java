package dev.healthcheck.servlet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Probe;
import dev.healthcheck.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON. The head of a report is put together by hand, from words of ours and digits; the checks are copied from where
 * their encoded form is kept; everything else goes through a streaming generator.
 */
final class JsonFormat implements Format {
    private static final int HEAD_LENGTH = 200;
    private static final int FIRST_CAPACITY = 512;
    private static final byte[] NOTHING = {};

    // the head of a report, without what differs
    private static final byte[] STATUS = "{\"status\":\"".getBytes(ISO_8859_1);
    private static final byte[] REASON = "\",\"reason\":\"".getBytes(ISO_8859_1);
    private static final byte[] PROBE = "\",\"probe\":\"".getBytes(ISO_8859_1);
    private static final byte[] TIMESTAMP = "\",\"timestamp\":\"".getBytes(ISO_8859_1);
    private static final byte[] DURATION = "\",\"durationMs\":".getBytes(ISO_8859_1);
    private static final byte[] CHECKS = "\"checks\":{".getBytes(ISO_8859_1);

    private final JsonFactory factory;
    /** The member with a comma behind it; empty if there is none. */
    private final byte[] service;

    private final Map<Probe, EncodedChecks> encoded = new EnumMap<>(Probe.class);
    private final EncodedChecks encodedOverall = newEncodedChecks();

    /** Tells of {@code service} with every report, unless it is empty. */
    JsonFormat(Map<String, String> service) {
        // no thread-locals: they outlive the application on threads that belong to the container
        factory = JsonFactory.builder()
                .disable(JsonFactory.Feature.USE_THREAD_LOCAL_FOR_BUFFER_RECYCLING)
                .build();
        this.service = service.isEmpty() ? NOTHING : member(service);
        for (Probe probe : Probe.values()) {
            encoded.put(probe, newEncodedChecks());
        }
    }

    /** Without a charset, for JSON is UTF-8 and the media type has no such parameter. */
    @Override
    public String contentType() {
        return "application/json";
    }

    @Override
    public Body report(HealthReport report, boolean details) {
        List<CheckReport> reports = report.checks();
        EncodedCheck[] checks = details ? withDetails(reports) : encodedOf(report.probe(), reports);
        Body body = new Body(HEAD_LENGTH + service.length + lengthOf(checks));
        head(body, report.status(), report.reason(), report.probe(), report.timestamp(), report.duration());
        for (int i = 0; i < checks.length; i++) {
            if (i > 0) {
                body.write(',');
            }
            body.write(checks[i].bytes);
        }
        body.write("}}");
        return body;
    }

    @Override
    public Body check(CheckReport check, boolean details) {
        return object((json, body) -> {
            json.writeStringField("name", check.name());
            JsonCheck.write(json, check, details);
            JsonCheck.writeHistory(json, check, details);
        });
    }

    @Override
    public Body pending(Status status, @Nullable Probe probe) {
        Body body = new Body(HEAD_LENGTH + service.length);
        head(body, status, "pending", probe, Instant.now(), Duration.ZERO);
        body.write("}}");
        return body;
    }

    @Override
    public Body pending(Status status, String check) {
        return object((json, body) -> {
            json.writeStringField("name", check);
            json.writeStringField("status", status.name());
            json.writeStringField("reason", "pending");
        });
    }

    @Override
    public Body problem(String what) {
        return object((json, body) -> json.writeStringField("problem", what));
    }

    /** The encoded checks of the last report for {@code probe}. */
    EncodedCheck[] encodedOf(@Nullable Probe probe, List<CheckReport> checks) {
        EncodedChecks last = probe == null ? encodedOverall : encoded.get(probe);
        return requireNonNull(last).of(checks);
    }

    private EncodedChecks newEncodedChecks() {
        return new EncodedChecks((checks, known) -> encode(checks, known, false));
    }

    /** Everything before the first check. */
    private void head(
            Body body,
            Status status,
            @Nullable String reason,
            @Nullable Probe probe,
            Instant timestamp,
            Duration duration) {
        body.write(STATUS);
        body.write(status.name());
        if (reason != null) {
            body.write(REASON);
            body.write(reason);
        }
        if (probe != null) {
            body.write(PROBE);
            body.write(word(probe));
        }
        body.write(TIMESTAMP);
        body.write(Millis.of(timestamp));
        body.write(DURATION);
        Millis.write(duration, body);
        body.write(',');
        body.write(service);
        body.write(CHECKS);
    }

    private static String word(Probe probe) {
        return switch (probe) {
            case LIVENESS -> "live";
            case READINESS -> "ready";
            case STARTUP -> "startup";
        };
    }

    private EncodedCheck[] withDetails(List<CheckReport> checks) {
        EncodedCheck[] all = new EncodedCheck[checks.size()];
        encode(checks, all, true);
        return all;
    }

    /** Each check as a member, written by one generator as members of one object and cut out. */
    private void encode(List<CheckReport> checks, EncodedCheck[] known, boolean details) {
        object((json, body) -> {
            for (int i = 0; i < known.length; i++) {
                CheckReport check = checks.get(i);
                if (known[i] == null || !known[i].isOf(check)) {
                    known[i] = new EncodedCheck(check, member(json, body, check, details));
                }
            }
        });
    }

    private static byte[] member(JsonGenerator json, Body body, CheckReport check, boolean details) throws IOException {
        json.flush();
        int start = body.length();
        json.writeObjectFieldStart(check.name());
        JsonCheck.write(json, check, details);
        json.writeEndObject();
        json.flush();
        return body.from(body.at(start) == ',' ? start + 1 : start);
    }

    /** {@code "service":{...},} */
    private byte[] member(Map<String, String> service) {
        Body object = object((json, body) -> {
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

    private Body object(Members members) {
        Body body = new Body(FIRST_CAPACITY);
        try (JsonGenerator json = factory.createGenerator(body)) {
            json.writeStartObject();
            members.write(json, body);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("in memory, and of values that can be written", e);
        }
        return body;
    }

    private static int lengthOf(EncodedCheck[] checks) {
        int length = 0;
        for (EncodedCheck check : checks) {
            length += check.bytes.length + 1;
        }
        return length;
    }

    /** Writes the members of an object to a generator, behind which is the body. */
    @FunctionalInterface
    private interface Members {
        void write(JsonGenerator json, Body body) throws IOException;
    }
}
