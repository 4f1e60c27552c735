package dev.healthcheck.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of a loop share, as one thread serves them one after the other. A step reads one buffer or writes
 * one, so that a connection with much to say does not hold up the others, and the JDK needs no buffers of its own.
 */
final class LoopBuffers {
    private static final int IN = 8 * 1024;
    private static final int OUT = 64 * 1024;

    private final ByteBuffer in = ByteBuffer.allocateDirect(IN);
    private final ByteBuffer out = ByteBuffer.allocateDirect(OUT);
    private final HttpDate date = new HttpDate();

    /**
     * Makes the JDK load what it writes with. It needs a file descriptor for that. If there is none when the first answer is
     * written, its class stays unusable, and no channel of the process can be written to any more.
     */
    static void prepare() throws IOException {
        Pipe pipe = Pipe.open();
        try (var source = pipe.source();
                var sink = pipe.sink()) {
            sink.write(ByteBuffer.allocateDirect(1));
            source.read(ByteBuffer.allocateDirect(1));
        }
    }

    /** Returns what has arrived; null at the end of the stream. */
    @Nullable
    ByteBuffer read(SocketChannel channel) throws IOException {
        in.clear();
        if (channel.read(in) < 0) {
            return null;
        }
        in.flip();
        return ByteBuffer.allocate(in.remaining()).put(in).flip();
    }

    /** Writes what the channel takes of two parts, and takes it off them. */
    void write(SocketChannel channel, ByteBuffer first, ByteBuffer second) throws IOException {
        out.clear();
        copy(first);
        copy(second);
        int written = channel.write(out.flip());
        int ofFirst = Math.min(written, first.remaining());
        first.position(first.position() + ofFirst);
        second.position(second.position() + written - ofFirst);
    }

    byte[] head(HealthResponse response, Instant now, String connection) {
        return ResponseHead.of(response, date.at(now), connection);
    }

    private void copy(ByteBuffer part) {
        int length = Math.min(part.remaining(), out.remaining());
        out.put(part.duplicate().limit(part.position() + length));
    }
}
