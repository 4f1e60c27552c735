package dev.healthcheck.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;

/** Writes JSON into a buffer. */
final class Json {
    private static final int FIRST_CAPACITY = 512;
    // no thread-locals: on container threads they outlive the application
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.USE_THREAD_LOCAL_FOR_BUFFER_RECYCLING)
            .build();

    private Json() {}

    /** Returns the whole body of an answer. It ends in a newline, for the sake of terminals. */
    static byte[] answer(Members members) {
        BodyBuffer body = object(members);
        body.write('\n');
        return body.bytes();
    }

    static JsonGenerator generator(Writer writer) throws IOException {
        return FACTORY.createGenerator(writer);
    }

    static BodyBuffer object(Members members) {
        BodyBuffer body = new BodyBuffer(FIRST_CAPACITY);
        try (JsonGenerator json = FACTORY.createGenerator(body)) {
            json.writeStartObject();
            members.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a buffer in memory cannot fail", e);
        }
        return body;
    }

    /** Writes the members of an object. */
    @FunctionalInterface
    interface Members {
        void write(JsonGenerator json) throws IOException;
    }
}
