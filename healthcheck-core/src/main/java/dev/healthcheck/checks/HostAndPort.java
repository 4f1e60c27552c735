package dev.healthcheck.checks;

import dev.healthcheck.CheckResult;
import dev.healthcheck.Deadline;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
        this.host = Arguments.host("host", host);
        Arguments.require(port >= 1 && port <= HIGHEST_PORT, "port", port, "1 to " + HIGHEST_PORT);
        this.port = port;
        this.resolver = resolver;
    }

    /** Uses an open connection and returns the result of the check. */
    @FunctionalInterface
    interface Conversation {
        CheckResult with(Socket connection) throws Exception;
    }

    String host() {
        return host;
    }

    InetAddress[] addresses() throws UnknownHostException {
        return resolver.usableAddresses(host);
    }

    /**
     * Connects and returns the result of the conversation, with the address in its details. No other address is tried once
     * one has accepted: clients do not try another one either.
     */
    CheckResult ask(Deadline deadline, Conversation conversation) throws Exception {
        try (Socket connection = connect(deadline)) {
            return answer(conversation, connection).withDetail("address", address(connection.getInetAddress()));
        }
    }

    private static CheckResult answer(Conversation conversation, Socket connection) throws Exception {
        try {
            return conversation.with(connection);
        } catch (IOException e) {
            return NetworkCheck.failed(e);
        }
    }

    Socket connect(Deadline deadline) throws IOException {
        return connect(addresses(), deadline);
    }

    /**
     * Tries all addresses, one after the other: nothing may listen on the first one, for example one of IPv6. Each may take
     * an equal share of the time that is left, so a silent one leaves time for the next.
     */
    Socket connect(InetAddress[] addresses, Deadline deadline) throws IOException {
        List<IOException> failures = new ArrayList<>(addresses.length);
        for (int i = 0; i < addresses.length; i++) {
            Duration share = deadline.remaining().dividedBy(addresses.length - i);
            try {
                return connect(addresses[i], share, deadline);
            } catch (IOException e) {
                failures.add(e);
            }
        }
        throw mostTelling(failures);
    }

    /** Prefers an address that refuses: its host is there. The first one counts among equals. */
    private static IOException mostTelling(List<IOException> failures) {
        IOException told = failures.get(0);
        for (IOException failure : failures) {
            if (failure instanceof ConnectException && !(told instanceof ConnectException)) {
                told = failure;
            }
        }
        for (IOException failure : failures) {
            if (failure != told) {
                told.addSuppressed(failure);
            }
        }
        return told;
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
            throw failure(address, e);
        }
    }

    private IOException failure(InetAddress address, IOException cause) {
        String message = address(address) + ": " + cause.getMessage();
        boolean refused = cause instanceof ConnectException && !message.contains("timed out"); // of the kernel
        IOException failure = refused ? new ConnectException(message) : new NoRouteToHostException(message);
        failure.initCause(cause);
        return failure;
    }

    private String address(InetAddress address) {
        String text = address.getHostAddress();
        return (text.indexOf(':') < 0 ? text : "[" + text + "]") + ":" + port;
    }
}
