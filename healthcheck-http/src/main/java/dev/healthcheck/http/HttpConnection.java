package dev.healthcheck.http;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a client. Only the loop's thread uses it. Each method does one step and returns what the connection
 * waits for next; none blocks.
 *
 * <p>Invariant: at most one request is being answered. Bytes that arrived after it wait in {@code unread}, and nothing
 * more is read before its answer is taken. So a client holds one answer and one buffer, however much it sends.
 */
final class HttpConnection {
    private static final long ARRIVES_WITHIN = TimeUnit.SECONDS.toNanos(5);
    private static final long TAKEN_WITHIN = TimeUnit.SECONDS.toNanos(5);
    private static final long IDLE = TimeUnit.SECONDS.toNanos(60);
    private static final long LINGERS = TimeUnit.SECONDS.toNanos(1);
    /** The most bytes that are thrown away after the last answer. */
    private static final int LINGER_BYTES = 256 * 1024;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** What a connection waits for. */
    enum Next {
        /** Bytes of the client. */
        READ,
        /** The future of {@link #answer()}. */
        ANSWER,
        /** Room for bytes to the client. */
        WRITE,
        /** Its turn: a further request may have arrived already. */
        TURN,
        /** Nothing: it is to be closed. */
        CLOSE
    }

    private enum Step {
        READING,
        ANSWERING,
        WRITING,
        LINGERING
    }

    private final SocketChannel channel;
    private final InetAddress client;
    private final RequestHandler handler;
    private final LoopBuffers buffers;
    private final RequestParser parser = new RequestParser();
    private Step step = Step.READING;
    /** On the clock of {@link System#nanoTime}. */
    private long deadline;

    private boolean asked;
    private long useful;
    private ByteBuffer unread = NOTHING;
    private @Nullable RequestHead request;
    private @Nullable CompletableFuture<HealthResponse> answer;
    private ByteBuffer head = NOTHING;
    private ByteBuffer body = NOTHING;
    /** Whether the answer in progress is the last one. */
    private boolean last;
    /** Whether the client may still send after the last answer. */
    private boolean lingers;

    private int thrownAway;

    HttpConnection(SocketChannel channel, InetAddress client, RequestHandler handler, LoopBuffers buffers, long now) {
        this.channel = channel;
        this.client = client;
        this.handler = handler;
        this.buffers = buffers;
        useful = now;
        deadline = now + ARRIVES_WITHIN;
    }

    SocketChannel channel() {
        return channel;
    }

    /** Returns the future of the request that is being answered. */
    CompletableFuture<HealthResponse> answer() {
        if (answer == null) {
            throw new IllegalStateException("no request is being answered");
        }
        return answer;
    }

    /** Returns whether a request has arrived, and the connection is not about to end. */
    boolean isUsed() {
        return asked && step != Step.LINGERING;
    }

    /** Returns whether no request is being answered, and another one may come. */
    boolean isReading() {
        return step == Step.READING;
    }

    /** Returns when it was of use last: when a request arrived, or an answer was taken. */
    long useful() {
        return useful;
    }

    /** Reads once. */
    Next onReadable(long now) throws IOException {
        ByteBuffer bytes = buffers.read(channel);
        if (bytes == null) {
            return Next.CLOSE;
        }
        if (step == Step.LINGERING) {
            return throwAway(bytes);
        }
        unread = bytes;
        return onTurn(now);
    }

    /** Goes on with bytes that have arrived already. */
    Next onTurn(long now) throws IOException {
        boolean begins = asked && parser.isBetweenRequests();
        RequestHead arrived;
        try {
            arrived = parser.next(unread);
        } catch (RefusedRequest e) {
            return refuse(e, now);
        }
        if (arrived != null) {
            return ask(arrived, now);
        }
        unread = NOTHING;
        if (begins) {
            deadline = now + ARRIVES_WITHIN;
        }
        return Next.READ;
    }

    /** Begins to write the answer if it is there. Returns null if this is not so: the call is about an earlier answer. */
    @Nullable
    Next onAnswer(long now) throws IOException {
        if (step != Step.ANSWERING || !answer().isDone()) {
            return null;
        }
        return write(given(), now);
    }

    /** Continues to write. */
    Next onWritable(long now) throws IOException {
        buffers.write(channel, head, body);
        if (head.hasRemaining() || body.hasRemaining()) {
            return Next.WRITE;
        }
        return onTaken(now);
    }

    /** Returns what to do about a deadline that has passed; null if none has. */
    @Nullable
    Next onTime(long now) throws IOException {
        if (now - deadline < 0) {
            return null;
        }
        if (step != Step.ANSWERING) {
            return Next.CLOSE;
        }
        answer().cancel(false);
        return write(given(), now);
    }

    /** Ends the connection. Idempotent. */
    void close() throws IOException {
        if (answer != null) {
            answer.cancel(false);
        }
        channel.close();
    }

    private Next ask(RequestHead arrived, long now) throws IOException {
        asked = true;
        useful = now;
        request = arrived;
        last = arrived.hasBody() || !arrived.keepsAlive();
        lingers = arrived.hasBody() || unread.hasRemaining();
        CompletableFuture<HealthResponse> future = handler.answer(arrived, client);
        answer = future;
        if (future.isDone()) {
            return write(given(), now);
        }
        step = Step.ANSWERING;
        deadline = now + handler.patience().toNanos();
        return Next.ANSWER;
    }

    private HealthResponse given() {
        CompletableFuture<HealthResponse> done = answer();
        return done.isCompletedExceptionally() ? handler.lastResort(asked()) : done.join();
    }

    private RequestHead asked() {
        if (request == null) {
            throw new IllegalStateException("no request has arrived");
        }
        return request;
    }

    private Next refuse(RefusedRequest refused, long now) throws IOException {
        unread = NOTHING;
        last = true;
        lingers = true;
        return write(refused.response(), now);
    }

    private Next write(HealthResponse response, long now) throws IOException {
        head = ByteBuffer.wrap(buffers.head(response, Instant.now(), connection()));
        body = ByteBuffer.wrap(response.body());
        answer = null;
        step = Step.WRITING;
        deadline = now + TAKEN_WITHIN;
        return onWritable(now);
    }

    /** Returns the value of {@code Connection}. HTTP/1.0 closes unless it says otherwise, HTTP/1.1 the reverse. */
    private String connection() {
        if (last) {
            return "close";
        }
        return request == null || request.isHttp11() ? "" : "keep-alive";
    }

    private Next onTaken(long now) throws IOException {
        head = NOTHING;
        body = NOTHING;
        useful = now;
        if (last) {
            return end(now);
        }
        step = Step.READING;
        deadline = now + (unread.hasRemaining() ? ARRIVES_WITHIN : IDLE);
        return unread.hasRemaining() ? Next.TURN : Next.READ;
    }

    /** A close while bytes of the client are on their way would reset the connection, and perhaps destroy the answer. */
    private Next end(long now) throws IOException {
        unread = NOTHING;
        if (!lingers) {
            return Next.CLOSE;
        }
        channel.shutdownOutput();
        step = Step.LINGERING;
        deadline = now + LINGERS;
        return Next.READ;
    }

    private Next throwAway(ByteBuffer bytes) {
        thrownAway += bytes.remaining();
        return thrownAway < LINGER_BYTES ? Next.READ : Next.CLOSE;
    }
}
