package dev.healthcheck.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks a server over some kept-alive connections, each again as soon as it has its answer; one thread, so that it takes
 * no more of the machine than it has to.
 */
final class Load {
    private final Selector selector;
    private final List<Connection> connections = new ArrayList<>();
    private long answers;

    private Load(Selector selector) {
        this.selector = selector;
    }

    /** The answers in {@code duration}, all of which were 200. */
    static long answers(int port, String path, int connections, Duration duration) {
        try (Selector selector = Selector.open()) {
            Load load = new Load(selector);
            try {
                load.open(port, path, connections);
                load.run(System.nanoTime() + duration.toNanos());
            } finally {
                load.close();
            }
            return load.answers;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks until the server has answered so often or for so long: some need many questions to be as fast as they can. */
    static void warmUp(ServerProcess server, int connections, int enough, Duration atMost) {
        long until = System.nanoTime() + atMost.toNanos();
        for (long answered = 0; answered < enough && until - System.nanoTime() > 0; ) {
            answered += answers(server.port(), server.path(), connections, Duration.ofMillis(500));
        }
    }

    private void open(int port, String path, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            Connection connection = new Connection(channel, path);
            connections.add(connection);
            channel.register(selector, SelectionKey.OP_READ, connection);
            connection.ask();
        }
    }

    private void run(long until) throws IOException {
        for (long left; (left = until - System.nanoTime()) > 0; ) {
            selector.select(this::read, Math.max(1, left / 1_000_000));
        }
    }

    private void read(SelectionKey key) {
        Connection connection = (Connection) key.attachment();
        try {
            if (connection.hasAnswer()) {
                answers++;
                connection.ask();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void close() throws IOException {
        for (Connection connection : connections) {
            connection.channel.close();
        }
    }

    private static final class Connection {
        private static final byte[] OK = "HTTP/1.1 200".getBytes(ISO_8859_1);

        private final SocketChannel channel;
        private final ByteBuffer request;
        private final ByteBuffer response = ByteBuffer.allocate(1 << 16);
        /** Zero until known. */
        private int length;

        Connection(SocketChannel channel, String path) {
            this.channel = channel;
            String text = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n";
            request = ByteBuffer.wrap(text.getBytes(ISO_8859_1));
        }

        void ask() throws IOException {
            request.rewind();
            while (request.hasRemaining()) {
                channel.write(request);
            }
        }

        boolean hasAnswer() throws IOException {
            if (channel.read(response) < 0) {
                throw new EOFException("server: closed the connection");
            }
            if (length == 0) {
                length = Responses.length(response.array(), response.position());
            }
            if (length == 0 || response.position() < length) {
                return false;
            }
            requireOk();
            length = 0;
            response.clear();
            return true;
        }

        private void requireOk() {
            for (int i = 0; i < OK.length; i++) {
                if (response.get(i) != OK[i]) {
                    String line = new String(response.array(), 0, response.position(), ISO_8859_1);
                    throw new IllegalStateException("answer: " + line + " (expected: 200)");
                }
            }
        }
    }
}
