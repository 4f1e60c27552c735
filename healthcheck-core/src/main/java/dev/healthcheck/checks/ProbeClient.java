package dev.healthcheck.checks;

import dev.healthcheck.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * The program of core's jar: asks a health endpoint once, for images that have a JVM but no curl. It prints one line and
 * exits. The first word of the line is the verdict. The exit code is 0 for {@code healthy} (any 2xx), 1 for
 * {@code unhealthy} (any other answer, and no answer in time), and 2 for {@code usage} (wrong arguments).
 *
 * <p>Most of its time is the start of the JVM. It therefore needs only the JDK and this jar, and it uses no regular
 * expressions, no HTTP client and no JSON library: each of them costs more time than the request.
 */
final class ProbeClient implements Runnable {
    private static final String USAGE =
            "usage: java -jar healthcheck-core.jar [--timeout 2s|800ms] [--trust-loopback] http[s]://host[:port][/path] (without a user)";
    private static final String NOT_LOOPBACK = "usage: --trust-loopback (expected: a host on the loopback interface)";
    private static final String TIMEOUT = "unhealthy: timeout";
    private static final int DEFAULT_TIMEOUT_MILLIS = 2000;
    private static final int LONGEST_TIMEOUT_MILLIS = 600_000;

    private final GetRequest request;
    private final HostAndPort server;
    private final int timeoutMillis;
    private final Deadline deadline;
    private final boolean trustLoopback;
    private volatile String line = TIMEOUT;

    private ProbeClient(GetRequest request, Resolver resolver, int timeoutMillis, boolean trustLoopback) {
        this.request = request;
        this.server = new HostAndPort(request.host(), request.port(), resolver);
        this.timeoutMillis = timeoutMillis;
        this.deadline = Deadline.after(Duration.ofMillis(timeoutMillis));
        this.trustLoopback = trustLoopback;
    }

    public static void main(String... arguments) throws InterruptedException {
        String line = probe(arguments);
        System.out.println(line);
        System.out.flush();
        Runtime.getRuntime().halt(exitCode(line)); // exit() would wait for shutdown hooks, for instance those of agents
    }

    /** Returns the line to print, within the timeout. */
    static String probe(String... arguments) throws InterruptedException {
        return probe(InetAddress::getAllByName, arguments);
    }

    static String probe(Resolver resolver, String... arguments) throws InterruptedException {
        ProbeClient client;
        try {
            client = parse(resolver, arguments);
        } catch (IllegalArgumentException | URISyntaxException e) { // not its message: that may repeat a password
            return USAGE;
        }
        Thread asking = new Thread(client, "probe");
        asking.setDaemon(true);
        asking.start();
        asking.join(client.timeoutMillis); // bounds the name look-up, too
        return client.line;
    }

    static int exitCode(String line) {
        return line.startsWith("healthy") ? 0 : line.startsWith("unhealthy") ? 1 : 2;
    }

    private static ProbeClient parse(Resolver resolver, String... arguments) throws URISyntaxException {
        int timeoutMillis = DEFAULT_TIMEOUT_MILLIS;
        boolean trustLoopback = false;
        int last = arguments.length - 1;
        for (int i = 0; i < last; i++) {
            if (arguments[i].equals("--trust-loopback")) {
                trustLoopback = true;
            } else {
                require(arguments[i].equals("--timeout") && ++i < last);
                timeoutMillis = millis(arguments[i]);
            }
        }
        require(last >= 0);
        return new ProbeClient(GetRequest.to(new URI(arguments[last])), resolver, timeoutMillis, trustLoopback);
    }

    private static int millis(String text) {
        require(text.endsWith("s"));
        int unit = text.endsWith("ms") ? 1 : 1000;
        int count = Integer.parseInt(text.substring(0, text.length() - (unit == 1 ? 2 : 1)));
        require(count > 0 && count <= LONGEST_TIMEOUT_MILLIS / unit);
        return count * unit;
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException();
        }
    }

    @Override
    public void run() {
        try {
            String answer = ask();
            line = isOver() ? TIMEOUT : answer;
        } catch (IOException e) {
            line = isOver() ? TIMEOUT : "unhealthy: " + NetworkFailure.reason(e);
        } catch (Throwable t) { // an Error must be one line as well
            line = "unhealthy: " + t.getClass().getSimpleName();
        }
    }

    /** True from a millisecond before the deadline on, because sockets count whole milliseconds. Any failure is then its work. */
    private boolean isOver() {
        return deadline.remaining().toMillis() == 0;
    }

    private String ask() throws IOException, GeneralSecurityException {
        InetAddress[] addresses = server.addresses();
        if (trustLoopback && !areLoopback(addresses)) {
            return NOT_LOOPBACK;
        }
        try (Socket connection = server.connect(addresses, deadline)) {
            return judge(talk(request.isSecure() ? secure(connection) : connection));
        }
    }

    private static boolean areLoopback(InetAddress... addresses) {
        for (InetAddress address : addresses) {
            if (!address.isLoopbackAddress()) {
                return false;
            }
        }
        return true;
    }

    private SSLSocket secure(Socket connection) throws IOException, GeneralSecurityException {
        if (!trustLoopback) {
            return server.secureByName(connection, SSLContext.getDefault());
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new AnyCertificate()}, null);
        return server.secure(connection, context);
    }

    private HttpAnswer talk(Socket socket) throws IOException {
        socket.getOutputStream().write(request.bytes("application/json"));
        return AnswerReader.read(socket.getInputStream());
    }

    private static String judge(HttpAnswer answer) {
        return (answer.isSuccess() ? "healthy: " : "unhealthy: ") + answer.status() + ReportWords.of(answer.body());
    }

    /** Used for hosts on the loopback interface only. */
    private static final class AnyCertificate implements X509TrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            throw new UnsupportedOperationException("this is a client");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
