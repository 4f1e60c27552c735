package dev.healthcheck.servlet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection that sends bytes as they are and reads one response after another, each exactly as long as its headers
 * say. A character stands for a byte.
 */
final class Wire implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    private Wire(Socket socket, int buffer) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream(), buffer);
    }

    static Wire to(int port) throws IOException {
        return new Wire(new Socket(InetAddress.getLoopbackAddress(), port), 8192);
    }

    /** Connects with the smallest possible receive buffer. */
    static Wire slow(int port) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(1);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return new Wire(socket, 1);
    }

    Wire send(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
        return this;
    }

    /** Ends sending. Responses can still be read. */
    Wire end() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Reads one byte. */
    char read() throws IOException {
        return (char) byteOrThrow();
    }

    /** Reads until the server closes the connection. */
    String rest() throws IOException {
        socket.setReceiveBufferSize(1 << 20);
        return new String(in.readAllBytes(), ISO_8859_1);
    }

    /** The next response, to a request with {@code method}; null if the server has closed the connection. */
    @Nullable
    Response response(String method) throws IOException {
        in.mark(1);
        if (in.read() < 0) {
            return null;
        }
        in.reset();
        String head = head();
        return new Response(head, body(method, head));
    }

    /** Returns whether the server closes the connection without sending anything more. */
    boolean isClosed() throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketException e) { // a reset
            return true;
        }
    }

    /** Resets the connection. The server notices when it writes. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String head() throws IOException {
        StringBuilder head = new StringBuilder();
        for (String line = line(); !line.isEmpty(); line = line()) {
            head.append(line).append("\r\n");
        }
        return head.toString();
    }

    /** Returns a line without its end, which must be CR and LF. */
    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = byteOrThrow(); c != '\n'; c = byteOrThrow()) {
            line.append((char) c);
        }
        if (line.length() == 0 || line.charAt(line.length() - 1) != '\r') {
            throw new IOException("a line that ends without CR: " + line);
        }
        return line.substring(0, line.length() - 1);
    }

    private int byteOrThrow() throws IOException {
        int c = in.read();
        if (c < 0) {
            throw new EOFException("in the middle of a response");
        }
        return c;
    }

    private String body(String method, String head) throws IOException {
        Response response = new Response(head, "");
        int status = response.status();
        if (method.equals("HEAD") || status / 100 == 1 || status == 204 || status == 304) {
            return "";
        }
        List<String> lengths = response.header("Content-Length");
        if (lengths.size() == 1) {
            return exactly(Integer.parseInt(lengths.get(0)));
        }
        if (response.header("Transfer-Encoding").equals(List.of("chunked"))) {
            return chunks();
        }
        if (lengths.isEmpty() && response.closes()) {
            return rest();
        }
        throw new IOException("a response of no certain length: " + head);
    }

    private String chunks() throws IOException {
        StringBuilder body = new StringBuilder();
        for (int length = chunkLength(); length > 0; length = chunkLength()) {
            body.append(exactly(length));
            line();
        }
        line();
        return body.toString();
    }

    private int chunkLength() throws IOException {
        return Integer.parseInt(line(), 16);
    }

    private String exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("after " + bytes.length + " of " + length + " bytes");
        }
        return new String(bytes, ISO_8859_1);
    }

    /** As it came over the wire; {@code head} ends in a line break. */
    record Response(String head, String body) {

        int status() {
            if (!head.matches("(?s)HTTP/1\\.[01] \\d{3}( [^\r\n]*)?\r\n.*")) {
                throw new IllegalStateException("no status line: " + head);
            }
            return Integer.parseInt(head.substring(9, 12));
        }

        List<String> header(String name) {
            return head.lines()
                    .skip(1)
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .toList();
        }

        boolean closes() {
            return header("Connection").stream().anyMatch("close"::equalsIgnoreCase);
        }
    }
}
