package dev.healthcheck.orchestrators;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks as a kubelet does with {@code httpGet} (its package pkg/probe/http): a connection for each request, 200 to 399 is a
 * success, at most 10 KB of the body, at most ten redirects. It follows those to the same host name only; one to another host
 * is a success with a warning.
 */
final class HttpProber implements Prober {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})");
    private static final Pattern LENGTH = Pattern.compile("\r\ncontent-length: *(\\d+)");
    private static final Pattern LOCATION = Pattern.compile("\r\nlocation: *([^\r]+)", Pattern.CASE_INSENSITIVE);
    private static final int REDIRECTS = 10;

    private final URI target;

    HttpProber(URI target) {
        this.target = target;
    }

    @Override
    public Answer ask(Duration timeout) {
        long begin = System.nanoTime();
        String output;
        boolean success = false;
        try {
            Response response = follow(begin + timeout.toNanos());
            success = response.status() >= 200 && response.status() < 400;
            output = response.status() + " " + response.body();
        } catch (InterruptedIOException e) {
            output = Answer.TIMEOUT;
        } catch (IOException e) {
            output = e.toString();
        }
        return new Answer(success, output, Duration.ofNanos(System.nanoTime() - begin));
    }

    private Response follow(long deadline) throws IOException {
        URI uri = target;
        for (int i = 0; i < REDIRECTS; i++) {
            Response response = get(uri, deadline);
            Optional<URI> next = response.redirect().map(uri::resolve);
            if (next.isEmpty() || !next.get().getHost().equals(target.getHost())) {
                return response;
            }
            uri = next.get();
        }
        throw new IOException("stopped after 10 redirects");
    }

    private static Response get(URI uri, long deadline) throws IOException {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), remaining(deadline));
            socket.getOutputStream()
                    .write(("GET " + uri.getRawPath() + " HTTP/1.1\r\nHost: " + uri.getRawAuthority()
                                    + "\r\nUser-Agent: kube-probe/1.30\r\nAccept: */*\r\nConnection: close\r\n\r\n")
                            .getBytes(ISO_8859_1));
            String head = readHead(socket, deadline);
            Matcher status = STATUS.matcher(head);
            if (!status.lookingAt()) {
                throw new IOException("malformed HTTP response: " + head);
            }
            Matcher length = LENGTH.matcher(head.toLowerCase(Locale.ROOT));
            int expected = length.find() ? (int) Math.min(LIMIT, Long.parseLong(length.group(1))) : LIMIT;
            return new Response(Integer.parseInt(status.group(1)), head, readBody(socket, expected, deadline));
        }
    }

    private static String readHead(Socket socket, long deadline) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = read(socket, deadline);
            if (next < 0) {
                throw new IOException("EOF");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static String readBody(Socket socket, int length, long deadline) throws IOException {
        var body = new ByteArrayOutputStream();
        while (body.size() < length) {
            int next = read(socket, deadline);
            if (next < 0) {
                break;
            }
            body.write(next);
        }
        return body.toString(ISO_8859_1);
    }

    private static int read(Socket socket, long deadline) throws IOException {
        InputStream in = socket.getInputStream();
        socket.setSoTimeout(remaining(deadline));
        return in.read();
    }

    /** The milliseconds that are left. Zero would mean no limit. */
    private static int remaining(long deadline) throws InterruptedIOException {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (millis <= 0) {
            throw new InterruptedIOException("timeout");
        }
        return (int) millis;
    }

    private record Response(int status, String head, String body) {
        Optional<String> redirect() {
            Matcher location = LOCATION.matcher(head);
            return status >= 300 && status < 400 && location.find() ? Optional.of(location.group(1)) : Optional.empty();
        }
    }
}
