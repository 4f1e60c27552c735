package dev.healthcheck.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** A connection on which a test writes what it likes. Reads answers by their {@code Content-Length}. */
final class RawClient implements AutoCloseable {
    /** An answer. Names of headers match in any case. */
    record Answer(int status, Map<String, String> headers, String body) {}

    private final Socket socket = new Socket();
    private final InputStream in;

    RawClient(int port, Duration patience) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) patience.toMillis());
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) patience.toMillis());
        in = new BufferedInputStream(socket.getInputStream());
    }

    RawClient(int port) throws IOException {
        this(port, Duration.ofSeconds(30));
    }

    RawClient send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        return this;
    }

    /** Asks for a path on this connection. */
    Answer get(String path) throws IOException {
        return send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").answer();
    }

    Answer answer() throws IOException {
        return answer(false);
    }

    /** Reads the answer to a {@code HEAD}. */
    Answer answerWithoutBody() throws IOException {
        return answer(true);
    }

    /** Returns whether the server has ended the connection, once nothing else is left to read. */
    boolean isEnded() throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketException e) { // a reset ends it, too
            return true;
        }
    }

    void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Makes {@link #close} reset the connection. */
    RawClient resetting() throws IOException {
        socket.setSoLinger(true, 0);
        return this;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private Answer answer(boolean withoutBody) throws IOException {
        String first = line();
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(": ");
            headers.put(line.substring(0, colon), line.substring(colon + 2));
        }
        int length = withoutBody ? 0 : Integer.parseInt(headers.get("Content-Length"));
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new IOException("the body ends after " + body.length + " of " + length + " bytes");
        }
        return new Answer(
                Integer.parseInt(first.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length())),
                headers,
                new String(body, ISO_8859_1));
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the connection ends after \"" + line.toString(ISO_8859_1) + "\"");
            }
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(ISO_8859_1);
    }
}
