package dev.healthcheck.restarts;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request after the other on one connection, and repeats none: a connection that closes in place of an answer
 * is a request that failed. A library would hide that. Not thread-safe.
 */
final class Client implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final int port;
    private final String start;
    private final String rest;
    private long sent;
    private @Nullable Socket socket;
    private @Nullable InputStream input;

    Client(int port, String method, Duration length) {
        this.port = port;
        String body = method.equals("POST") ? "item=1" : "";
        String type = body.isEmpty() ? "" : "Content-Type: text/plain\r\nContent-Length: " + body.length() + "\r\n";
        this.start = method + " /?takes=" + length.toMillis() + "&request=" + UUID.randomUUID() + "-";
        this.rest = " HTTP/1.1\r\nHost: localhost\r\n" + type + "\r\n" + body;
    }

    /** Returns the status of the answer. */
    int send() throws IOException {
        try {
            Socket connection = socket == null ? connect() : socket;
            connection.getOutputStream().write((start + sent++ + rest).getBytes(US_ASCII)); // or a cache may answer
            return read();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private Socket connect() throws IOException {
        Socket opened = new Socket(InetAddress.getLoopbackAddress(), port);
        opened.setSoTimeout((int) PATIENCE.toMillis());
        opened.setTcpNoDelay(true);
        socket = opened;
        input = new BufferedInputStream(opened.getInputStream());
        return opened;
    }

    private int read() throws IOException {
        int status = Integer.parseInt(line().split(" ", 3)[1]);
        int length = -1;
        boolean last = false;
        for (String header = line(); !header.isEmpty(); header = line()) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(lower.substring(15).strip());
            }
            last |= lower.startsWith("connection:") && lower.contains("close");
        }
        if (length < 0) {
            throw new IOException("an answer without Content-Length: " + status);
        }
        byte[] body = open().readNBytes(length);
        if (body.length < length) {
            throw new EOFException("closed within an answer");
        }
        if (status == 200 && !new String(body, US_ASCII).equals(OrdersService.ANSWER)) {
            throw new IOException("an answer that is not of the service");
        }
        if (last) {
            close();
        }
        return status;
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int next = open().read(); next != '\n'; next = open().read()) {
            if (next < 0) {
                throw new EOFException("closed in place of an answer");
            }
            line.append((char) next);
        }
        return line.toString().strip();
    }

    private InputStream open() {
        InputStream opened = input;
        if (opened == null) {
            throw new IllegalStateException("not connected");
        }
        return opened;
    }

    @Override
    public void close() throws IOException {
        if (socket != null) {
            socket.close();
        }
        socket = null;
    }
}
