package dev.healthcheck.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.healthcheck.CheckReport;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Writes what everybody may see of a check. All of it is ASCII without anything to escape: names, reasons and refs are
 * so by their rules. So the usual answer needs no JSON generator, whose 60 classes a cold JVM would have to load first.
 */
final class PublicPart {
    private static final byte[] STATUS = "\":{\"status\":\"".getBytes(ISO_8859_1);
    private static final byte[] REQUIRED = "\",\"required\":true".getBytes(ISO_8859_1);
    private static final byte[] OPTIONAL = "\",\"required\":false".getBytes(ISO_8859_1);
    private static final byte[] REASON = ",\"reason\":\"".getBytes(ISO_8859_1);
    private static final byte[] DURATION = ",\"durationMs\":".getBytes(ISO_8859_1);
    private static final byte[] CHECKED_AT = ",\"checkedAt\":\"".getBytes(ISO_8859_1);
    private static final byte[] SINCE = ",\"since\":\"".getBytes(ISO_8859_1);
    private static final byte[] FAILURES = ",\"consecutiveFailures\":".getBytes(ISO_8859_1);
    private static final byte[] REF = ",\"ref\":\"".getBytes(ISO_8859_1);
    private static final byte[] RUNNING_FOR = ",\"runningForMs\":".getBytes(ISO_8859_1);
    private static final int USUAL_LENGTH = 200;

    private PublicPart() {}

    /** Returns {@code "orders-db":{...}}. */
    static byte[] member(CheckReport check) {
        BodyBuffer body = new BodyBuffer(USUAL_LENGTH);
        body.write('"');
        body.write(check.name());
        body.write(STATUS);
        body.write(check.status().name());
        body.write(check.required() ? REQUIRED : OPTIONAL);
        writeRest(check, body);
        body.write('}');
        return body.from(0);
    }

    /** Returns the members that follow {@code required}, with a comma before each. */
    static String rest(CheckReport check) {
        BodyBuffer body = new BodyBuffer(USUAL_LENGTH);
        writeRest(check, body);
        return new String(body.from(0), ISO_8859_1);
    }

    private static void writeRest(CheckReport check, BodyBuffer body) {
        write(REASON, check.reason(), body);
        write(DURATION, check.duration(), body);
        write(CHECKED_AT, check.checkedAt(), body);
        write(SINCE, check.since(), body);
        if (check.consecutiveFailures() > 0) {
            body.write(FAILURES);
            body.write(String.valueOf(check.consecutiveFailures()));
        }
        write(REF, check.ref(), body);
        write(RUNNING_FOR, check.runningFor(), body);
    }

    private static void write(byte[] name, @Nullable String text, BodyBuffer body) {
        if (text != null) {
            body.write(name);
            body.write(text);
            body.write('"');
        }
    }

    private static void write(byte[] name, @Nullable Instant instant, BodyBuffer body) {
        if (instant != null) {
            body.write(name);
            body.write(TimeText.of(instant));
            body.write('"');
        }
    }

    private static void write(byte[] name, @Nullable Duration duration, BodyBuffer body) {
        if (duration != null) {
            body.write(name);
            TimeText.write(duration, body);
        }
    }
}
