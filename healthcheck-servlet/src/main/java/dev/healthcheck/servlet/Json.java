package dev.healthcheck.servlet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes JSON to memory. */
final class Json {
    private static final int FIRST_CAPACITY = 512;
    // no thread-locals: they outlive the application on threads that belong to the container
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.USE_THREAD_LOCAL_FOR_BUFFER_RECYCLING)
            .build();

    private Json() {}

    static BodyBuffer object(Members members) {
        BodyBuffer body = new BodyBuffer(FIRST_CAPACITY);
        try (JsonGenerator json = FACTORY.createGenerator(body)) {
            json.writeStartObject();
            members.write(json, body);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("in memory, and of values that can be written", e);
        }
        return body;
    }

    /** Writes the members of an object to a generator, behind which is the body. */
    @FunctionalInterface
    interface Members {
        void write(JsonGenerator json, BodyBuffer body) throws IOException;
    }
}
