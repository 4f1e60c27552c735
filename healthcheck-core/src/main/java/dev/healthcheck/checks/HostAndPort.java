package dev.healthcheck.checks;

import static java.util.Objects.requireNonNull;

import dev.healthcheck.Deadline;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A server on the network: connects to it, within a deadline. */
final class HostAndPort {
    private static final int HIGHEST_PORT = 65_535;

    private final String host;
    private final int port;
    private final Resolver resolver;

    HostAndPort(String host, int port, Resolver resolver) {
        Arguments.require(port >= 1 && port <= HIGHEST_PORT, "port", port, "1 to " + HIGHEST_PORT);
        this.host = requireNonNull(host, "host");
        this.port = port;
        this.resolver = resolver;
    }

    InetAddress[] addresses() throws UnknownHostException {
        return resolver.resolve(host);
    }

    Socket connect(Deadline deadline) throws IOException {
        return connect(addresses(), deadline);
    }

    /** Tries all addresses, one after the other: nothing may listen on the first one, for example one of IPv6. */
    Socket connect(InetAddress[] addresses, Deadline deadline) throws IOException {
        IOException failure = null;
        for (int i = 0; i < addresses.length; i++) {
            Duration share = deadline.remaining().dividedBy(addresses.length - i);
            try {
                return connect(addresses[i], share, deadline);
            } catch (IOException e) {
                failure = e;
            }
        }
        throw requireNonNull(failure, "a name has an address");
    }

    /** Puts TLS on the connection, without a handshake so far. Closing the result closes the connection. */
    SSLSocket secure(Socket connection, SSLContext context) throws IOException {
        return (SSLSocket) context.getSocketFactory().createSocket(connection, host, port, true);
    }

    /** Puts TLS on the connection. The handshake fails if the certificate is not the host's. */
    SSLSocket secureByName(Socket connection, SSLContext context) throws IOException {
        SSLSocket socket = secure(connection, context);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS"); // a socket does not compare names unless told to
        socket.setSSLParameters(parameters);
        return socket;
    }

    @SuppressWarnings("resource") // the caller closes what is connected
    private Socket connect(InetAddress address, Duration time, Deadline deadline) throws IOException {
        Socket socket = new BoundedSocket(deadline);
        try {
            socket.connect(new InetSocketAddress(address, port), BoundedSocket.millis(time));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e instanceof ConnectException ? e : unreachable(e);
        }
    }

    private static IOException unreachable(IOException cause) {
        IOException unreachable = new NoRouteToHostException(cause.getMessage());
        unreachable.initCause(cause);
        return unreachable;
    }
}
