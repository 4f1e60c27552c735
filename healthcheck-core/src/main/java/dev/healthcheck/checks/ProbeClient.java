package dev.healthcheck.checks;

import dev.healthcheck.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * The program of core's jar: asks a health endpoint, for images that have a JVM but no curl: once, or with {@code --wait}
 * until the answer is healthy or the time is over. It prints one line and exits. The first word of the line is the
 * verdict. The exit code is 0 for {@code healthy} (any 2xx), 1 for {@code unhealthy} (any other answer, and no answer in
 * time), and 2 for {@code usage} (wrong arguments). An instance is one request.
 *
 * <p>Most of its time is the start of the JVM. It therefore needs only the JDK and this jar, and it uses no regular
 * expressions, no HTTP client and no JSON library: each of them costs more time than the request.
 */
final class ProbeClient implements Runnable {
    private static final String USAGE = "usage: java -jar healthcheck-core.jar [--timeout 2s|800ms] [--wait 60s]"
            + " [--trust-loopback] http[s]://host[:port][/path] (without a user)";
    private static final String NOT_LOOPBACK = "usage: --trust-loopback (expected: a host on the loopback interface)";
    private static final String TIMEOUT = "unhealthy: timeout";
    private static final int UNHEALTHY = 1;
    private static final long PAUSE_MILLIS = 500;

    private final ProbeArguments arguments;
    private final long timeoutMillis;
    private final Deadline deadline;
    private final Thread thread = new Thread(this, "probe");
    private volatile String line = TIMEOUT;

    private ProbeClient(ProbeArguments arguments, long timeoutMillis) {
        this.arguments = arguments;
        this.timeoutMillis = timeoutMillis;
        this.deadline = Deadline.after(Duration.ofMillis(timeoutMillis));
        thread.setDaemon(true);
    }

    public static void main(String... arguments) throws InterruptedException {
        String line = probe(arguments);
        System.out.println(line);
        System.out.flush();
        Runtime.getRuntime().halt(exitCode(line)); // exit() would wait for shutdown hooks, for instance those of agents
    }

    /** Returns the line to print, within the timeout or the time to wait. */
    static String probe(String... arguments) throws InterruptedException {
        return probe(InetAddress::getAllByName, arguments);
    }

    static String probe(Resolver resolver, String... arguments) throws InterruptedException {
        ProbeArguments parsed;
        try {
            parsed = ProbeArguments.parse(resolver, arguments);
        } catch (IllegalArgumentException | URISyntaxException e) { // not its message: that may repeat a password
            return USAGE;
        }
        return parsed.waitMillis() == 0
                ? new ProbeClient(parsed, parsed.timeoutMillis()).answer()
                : awaitHealthy(parsed);
    }

    /** Asks again until the answer is healthy or the time is over. Returns the last line. */
    private static String awaitHealthy(ProbeArguments arguments) throws InterruptedException {
        Deadline end = Deadline.after(Duration.ofMillis(arguments.waitMillis()));
        String line = TIMEOUT;
        long left = arguments.waitMillis();
        while (left > 0) {
            ProbeClient client = new ProbeClient(arguments, Math.min(left, arguments.timeoutMillis()));
            String answer = client.answer();
            boolean cutShort = client.timeoutMillis < arguments.timeoutMillis() && answer.equals(TIMEOUT);
            line = cutShort ? line : answer;
            if (exitCode(line) != UNHEALTHY) {
                return line;
            }
            pause(end.remaining().toMillis());
            client.awaitEnd(end.remaining().toMillis());
            left = end.remaining().toMillis();
        }
        return line;
    }

    private static void pause(long atMost) throws InterruptedException {
        Thread.sleep(Math.min(PAUSE_MILLIS, atMost));
    }

    /** Asks, and returns the line within the timeout. */
    private String answer() throws InterruptedException {
        thread.start();
        thread.join(timeoutMillis); // bounds the name look-up, too
        return line;
    }

    /** Waits for a name look-up that goes on after the timeout, so that no others pile up beside it. */
    private void awaitEnd(long atMost) throws InterruptedException {
        if (atMost > 0) { // zero would be for ever
            thread.join(atMost);
        }
    }

    static int exitCode(String line) {
        return line.startsWith("healthy") ? 0 : line.startsWith("unhealthy") ? UNHEALTHY : 2;
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
        HostAndPort server = arguments.server;
        InetAddress[] addresses = server.addresses();
        if (arguments.trustLoopback() && !areLoopback(addresses)) {
            return NOT_LOOPBACK;
        }
        try (Socket connection = server.connect(addresses, deadline)) {
            return judge(talk(arguments.request.isSecure() ? secure(connection) : connection));
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
        HostAndPort server = arguments.server;
        if (!arguments.trustLoopback()) {
            return server.secureByName(connection, SSLContext.getDefault());
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new AnyCertificate()}, null);
        return server.secure(connection, context);
    }

    private HttpAnswer talk(Socket socket) throws IOException {
        socket.getOutputStream().write(arguments.request.bytes("application/json"));
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
