package dev.healthcheck.http;

import static java.util.Objects.requireNonNull;

import dev.healthcheck.HealthCheckRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Answers health probes at a port of its own, with one thread of its own. For workers, which have no HTTP server, and for
 * applications whose server may be so busy that its own health is silent. Thread-safe.
 *
 * <pre>{@code
 * HealthServer server = HealthServer.start(health, 8081);
 * }</pre>
 *
 * <p>It serves {@code GET} and {@code HEAD} of {@code /health}, the paths below it that {@link HealthRequest#of} lists,
 * and {@code /livez}, {@code /readyz}, {@code /startupz} and {@code /healthz}. It listens on all interfaces, because
 * probes come from other machines. It shows only what is public, unless the builder says otherwise.
 *
 * <p>Clients cannot silence it by being slow, silent or many. It has at most 512 connections. When one more comes, it
 * closes one that never sent a request, or else the one that was of use the longest time ago. A request has 5 s to
 * arrive, an answer 5 s to be taken, and a connection is idle for at most 60 s. The head of a request has at most 8,192
 * bytes. A request with a body is answered, and its connection closed. Malformed and ambiguous requests get 400.
 *
 * <p>Not supported: TLS, HTTP/2, compression. If you need them, mount a {@link HealthEndpoint} in a server that has them.
 *
 * <p>The thread is a daemon named {@code healthcheck-http}, so the server does not keep a process alive whose work has
 * ended. Functions of the user (formats, {@code headers}, {@code onAnswer}) run on a thread of the registry.
 */
public final class HealthServer implements AutoCloseable {
    private static final String THREAD = "healthcheck-http";
    private static final int BACKLOG = 512;
    private static final int RECEIVE_BUFFER = 64 * 1024;
    /** Longer than the loop takes to stop. */
    private static final long STOPS_WITHIN_MILLIS = TimeUnit.SECONDS.toMillis(5);

    private final HttpLoop loop;
    private final Thread thread;
    private final int port;

    private HealthServer(HttpLoop loop, int port) {
        this.loop = loop;
        this.port = port;
        thread = new Thread(null, loop, THREAD, 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(null); // or the thread keeps an application from being unloaded
    }

    /**
     * Starts a server with the default settings.
     *
     * @param registry the registry that the server asks; the caller closes it, after the server
     * @param port the port; 0 for one that the system chooses
     * @return the server, to be closed by the caller
     * @throws IllegalArgumentException if {@code port} is not one
     * @throws UncheckedIOException if the port cannot be opened, for instance because another process has it
     */
    public static HealthServer start(HealthCheckRegistry registry, int port) {
        return builder(registry).port(port).start();
    }

    /**
     * Returns a builder of a server with a default {@link HealthEndpoint}.
     *
     * @param registry the registry that the server asks; the caller closes it, after the server
     * @return a new builder
     */
    public static Builder builder(HealthCheckRegistry registry) {
        return builder(HealthEndpoint.of(registry));
    }

    /**
     * Returns a builder of a server.
     *
     * @param endpoint the endpoint that answers
     * @return a new builder
     */
    public static Builder builder(HealthEndpoint endpoint) {
        return new Builder(requireNonNull(endpoint, "endpoint"));
    }

    /**
     * Returns the port on which the server listens.
     *
     * @return the port; the chosen one if the server was started with 0
     */
    public int port() {
        return port;
    }

    /**
     * Releases the port and ends the thread. Requests that wait for a check have one second to be answered; then the
     * server closes their connections. Idempotent. An interrupt does not end the wait, and the thread's interrupt flag is
     * set on return.
     */
    @Override
    public void close() {
        loop.stop();
        if (Thread.currentThread() != thread) {
            joinUninterruptibly();
        }
    }

    private void joinUninterruptibly() {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOPS_WITHIN_MILLIS);
        boolean interrupted = false;
        long left = STOPS_WITHIN_MILLIS;
        while (thread.isAlive() && left > 0) {
            try {
                thread.join(left);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Starts a server. Not thread-safe. */
    public static final class Builder {
        private static final int HIGHEST_PORT = 65535;
        private static final int SHORTEST_TOKEN = 16;
        private static final Pattern PATH = Pattern.compile("(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)+|/");
        /** As the standard has it. */
        private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

        private final HealthEndpoint endpoint;
        private int port = 8081;
        private @Nullable InetAddress address;
        private String path = "/health";
        private @Nullable String token;
        private boolean loopback;

        private Builder(HealthEndpoint endpoint) {
            this.endpoint = endpoint;
        }

        /**
         * Sets the port. Default: 8081.
         *
         * @param port the port; 0 for one that the system chooses
         * @return this
         * @throws IllegalArgumentException if {@code port} is not from 0 to 65535
         */
        public Builder port(int port) {
            if (port < 0 || port > HIGHEST_PORT) {
                throw new IllegalArgumentException("port: " + port + " (expected: 0 to " + HIGHEST_PORT + ")");
            }
            this.port = port;
            return this;
        }

        /**
         * Sets the only address on which the server listens. Default: all addresses of this machine.
         *
         * @param address the address, for instance {@link InetAddress#getLoopbackAddress()}
         * @return this
         */
        public Builder bind(InetAddress address) {
            this.address = requireNonNull(address, "address");
            return this;
        }

        /**
         * Sets the path of the report on all checks; those of probes and checks are below it. Default: {@code /health}.
         * The paths {@code /livez}, {@code /readyz}, {@code /startupz} and {@code /healthz} are always served.
         *
         * @param path the path, without a slash at its end; {@code /} for the root
         * @return this
         * @throws IllegalArgumentException if {@code path} is not one or more slashes, each followed by letters, digits,
         *     dots, underscores or hyphens
         */
        public Builder path(String path) {
            if (!PATH.matcher(requireNonNull(path, "path")).matches()) {
                throw new IllegalArgumentException("path: \"" + path + "\" (expected: as in /health, or /)");
            }
            this.path = path;
            return this;
        }

        /**
         * Shows what is sensitive to clients that send {@code Authorization: Bearer} and this token: messages, details,
         * errors and stacks. Other clients get the same answer without them. Default: nobody sees them.
         *
         * <p>The server has no TLS, so everybody on the way can read the token. The comparison takes the same time for
         * all wrong tokens of one length.
         *
         * @param token the token: at least 16 letters, digits and {@code -._~+/}, perhaps with {@code =} at its end
         * @return this
         * @throws IllegalArgumentException if the token is shorter or has other characters
         */
        public Builder showDetailsToToken(String token) {
            requireNonNull(token, "token");
            if (token.length() < SHORTEST_TOKEN || !TOKEN.matcher(token).matches()) {
                throw new IllegalArgumentException("token: of " + token.length() + " characters (expected: at least "
                        + SHORTEST_TOKEN + " of " + TOKEN.pattern() + ")");
            }
            this.token = token;
            return this;
        }

        /**
         * Shows what is sensitive to clients that connect from this machine, for instance through
         * {@code kubectl port-forward} or an SSH tunnel. The {@code Host} of such a request must be {@code localhost},
         * {@code 127.0.0.1} or {@code [::1]}, and it must not say that a proxy forwarded it. Default: nobody sees it.
         *
         * <p><strong>Warning:</strong> a sidecar or another proxy on this machine, or in this pod, connects from this
         * machine, too. If it rewrites {@code Host} and adds no {@code X-Forwarded-For}, all of its clients see what is
         * sensitive. So do all users and containers that share this machine's network.
         *
         * @return this
         */
        public Builder showDetailsToLoopback() {
            loopback = true;
            return this;
        }

        /**
         * Opens the port and starts the server.
         *
         * @return the server, to be closed by the caller
         * @throws UncheckedIOException if the port cannot be opened, for instance because another process has it
         */
        public HealthServer start() {
            InetSocketAddress place =
                    address == null ? new InetSocketAddress(port) : new InetSocketAddress(address, port);
            try {
                return start(place);
            } catch (IOException e) {
                String where = address == null ? "" : " of " + address.getHostAddress();
                throw new UncheckedIOException("port " + port + where + " cannot be opened: " + e.getMessage(), e);
            }
        }

        private HealthServer start(InetSocketAddress place) throws IOException {
            ServerSocketChannel listener = ServerSocketChannel.open();
            try {
                listener.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER); // connections inherit it
                listener.bind(place, BACKLOG);
                int chosen = ((InetSocketAddress) listener.getLocalAddress()).getPort();
                return start(new HttpLoop(listener, handler()), chosen);
            } catch (Throwable t) {
                listener.close();
                throw t;
            }
        }

        private static HealthServer start(HttpLoop loop, int port) {
            try {
                HealthServer server = new HealthServer(loop, port);
                server.thread.start();
                return server;
            } catch (Throwable t) { // no thread can be started
                loop.discard();
                throw t;
            }
        }

        private ServedPaths handler() {
            return new ServedPaths(
                    new GuardedEndpoint(endpoint), path.equals("/") ? "" : path, new DetailsCondition(token, loopback));
        }
    }
}
