package dev.healthcheck.checks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * The program of core's jar: asks a health endpoint once, for images that have a JVM but no curl. It prints one line and
 * exits. The first word of the line is the verdict. The exit code is 0 for {@code healthy} (any 2xx), 1 for
 * {@code unhealthy} (any other answer, and no answer in time), and 2 for {@code usage} (wrong arguments).
 *
 * <p>Most of its time is the start of the JVM. It therefore needs only the JDK and this package, and it uses no lambdas,
 * no regular expressions and no HTTP client: each of them costs more time than the request.
 */
final class ProbeClient implements Runnable {
    private static final String USAGE =
            "usage: java -jar healthcheck-core.jar [--timeout 2s|800ms] [--trust-loopback] http[s]://host[:port][/path] (without a user)";
    private static final String NOT_LOOPBACK = "usage: --trust-loopback (expected: a host on the loopback interface)";
    private static final int DEFAULT_TIMEOUT_MILLIS = 2000;
    private static final int LONGEST_TIMEOUT_MILLIS = 600_000;
    private static final int HIGHEST_PORT = 65_535;
    /** A kubelet reads as much. */
    private static final int LONGEST_ANSWER = 10 * 1024;

    private static final int LONGEST_WORD = 40;

    private final URI uri;
    private final int timeoutMillis;
    private final boolean trustLoopback;
    private volatile String line = "unhealthy: timeout";

    private ProbeClient(URI uri, int timeoutMillis, boolean trustLoopback) {
        this.uri = uri;
        this.timeoutMillis = timeoutMillis;
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
        ProbeClient client;
        try {
            client = parse(arguments);
        } catch (IllegalArgumentException | URISyntaxException e) { // not its message: that may repeat a password
            return USAGE;
        }
        Thread asking = new Thread(client, "probe");
        asking.setDaemon(true);
        asking.start();
        asking.join(client.timeoutMillis); // bounds the name look-up and a slow drip, too
        return client.line;
    }

    static int exitCode(String line) {
        return line.startsWith("healthy") ? 0 : line.startsWith("unhealthy") ? 1 : 2;
    }

    private static ProbeClient parse(String... arguments) throws URISyntaxException {
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
        return new ProbeClient(endpoint(arguments[last]), timeoutMillis, trustLoopback);
    }

    private static int millis(String text) {
        require(text.endsWith("s"));
        int unit = text.endsWith("ms") ? 1 : 1000;
        int count = Integer.parseInt(text.substring(0, text.length() - (unit == 1 ? 2 : 1)));
        require(count > 0 && count <= LONGEST_TIMEOUT_MILLIS / unit);
        return count * unit;
    }

    private static URI endpoint(String text) throws URISyntaxException {
        URI uri = new URI(new URI(text).toASCIIString());
        require("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
        require(uri.getHost() != null && uri.getRawUserInfo() == null && uri.getPort() <= HIGHEST_PORT);
        return uri;
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException();
        }
    }

    @Override
    public void run() {
        try {
            line = ask();
        } catch (IOException e) {
            line = "unhealthy: " + NetworkFailure.reason(e);
        } catch (Throwable t) { // an Error must be one line as well
            line = "unhealthy: " + t.getClass().getSimpleName();
        }
    }

    private String ask() throws IOException, GeneralSecurityException {
        int port = GetRequest.port(uri);
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(uri.getHost()), port);
        if (trustLoopback && !address.getAddress().isLoopbackAddress()) {
            return NOT_LOOPBACK;
        }
        try (Socket connection = new Socket(Proxy.NO_PROXY)) { // also if options of the JVM name a proxy
            connection.connect(address);
            return talk(GetRequest.isSecure(uri) ? secure(connection, port) : connection);
        }
    }

    private SSLSocket secure(Socket connection, int port) throws IOException, GeneralSecurityException {
        SSLContext context = trustLoopback ? SSLContext.getInstance("TLS") : SSLContext.getDefault();
        if (trustLoopback) {
            context.init(null, new TrustManager[] {new AnyCertificate()}, null);
        }
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(connection, uri.getHost(), port, true);
        if (!trustLoopback) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS"); // a socket does not compare names unless told to
            socket.setSSLParameters(parameters);
        }
        return socket;
    }

    private String talk(Socket socket) throws IOException {
        socket.getOutputStream().write(GetRequest.bytes(uri, "application/json"));
        return judge(new String(socket.getInputStream().readNBytes(LONGEST_ANSWER), ISO_8859_1));
    }

    private static String judge(String answer) {
        int body = answer.indexOf("\r\n\r\n");
        String status = word(answer, "HTTP/1.1 ".length());
        if (!answer.startsWith("HTTP/1.") || body < 0 || status.length() != 3) {
            return answer.isEmpty() ? "unhealthy: disconnected" : "unhealthy: invalid";
        }
        String verdict = status.startsWith("2") ? "healthy: " : "unhealthy: ";
        return verdict + status + words(answer.substring(body));
    }

    /** Status and reason of the report: they come before its first check. */
    private static String words(String body) {
        int nested = body.indexOf('{', body.indexOf('{') + 1);
        String top = nested < 0 ? body : body.substring(0, nested);
        return valueOf("\"status\":\"", top) + valueOf("\"reason\":\"", top);
    }

    private static String valueOf(String key, String json) {
        int at = json.indexOf(key);
        return at < 0 ? "" : " " + word(json, at + key.length());
    }

    /** Reads up to the first character other than a letter, digit or hyphen: the line goes to logs and terminals. */
    private static String word(String text, int start) {
        int end = start;
        while (end < text.length() && end - start < LONGEST_WORD && isPlain(text.charAt(end))) {
            end++;
        }
        return end > start ? text.substring(start, end) : "";
    }

    private static boolean isPlain(char c) {
        return c == '-' || (c < 128 && Character.isLetterOrDigit(c));
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
