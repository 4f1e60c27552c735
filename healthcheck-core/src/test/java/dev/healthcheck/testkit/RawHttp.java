package dev.healthcheck.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/** HTTP/1.1 as bytes, for what a client of HTTP would hide. */
public final class RawHttp {
    private RawHttp() {}

    public static void send(Socket socket, String request) throws IOException {
        socket.getOutputStream().write(request.getBytes(US_ASCII));
    }

    /** Reads the head of an answer, and not a byte more. */
    public static String head(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            assertThat(next).as("end of the connection after \"%s\"", head).isNotNegative();
            head.append((char) next);
        }
        return head.toString();
    }
}
