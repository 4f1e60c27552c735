package dev.healthcheck.checks;

import static dev.healthcheck.checks.Arguments.require;
import static java.util.Objects.requireNonNull;

import dev.healthcheck.CheckOptions;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.Probe;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Checks of what is reached across the network.
 *
 * <p>They belong to {@link Probe#READINESS}. No restart of this process cures what they find, so they propose
 * {@link CheckOptions#dependency()}, which keeps them out of {@link Probe#LIVENESS}.
 *
 * <p>Each run ends by itself at 85 % of its time, be its peer silent or sending one byte at a time, and closes what it
 * has opened; it starts no thread. The exception is the look-up of a name, which the JDK neither bounds nor lets be
 * interrupted: when the name server hangs, the registry answers in time without the check. All addresses of a name are
 * tried in turn. The JVM caches what it has looked up, if not told otherwise for 30 seconds, and for 10 seconds that
 * there is no such name (the security properties {@code networkaddress.cache.ttl} and
 * {@code networkaddress.cache.negative.ttl}).
 *
 * <p>What they have in common is DOWN with the reason
 *
 * <ul>
 *   <li>{@code unknown-host}: the name has no address
 *   <li>{@code refused}: the host is there, but nobody listens
 *   <li>{@code unreachable}: there is no way to the host, or no answer from it in time
 *   <li>{@code timeout}: connected, but then no complete answer in time
 *   <li>{@code tls}: the handshake failed
 *   <li>{@code disconnected}: the peer hung up instead of answering
 * </ul>
 *
 * Connections are direct: the JVM's proxy settings are not used.
 */
public final class NetworkChecks {
    private NetworkChecks() {}

    /**
     * Connects, and hangs up without a word. A listener may be there although its process hangs, because the kernel
     * connects on its behalf; {@link #http} or a client's own ping says more.
     *
     * @param host a name or an address
     * @param port 1 to 65535
     * @return the check
     * @throws IllegalArgumentException if {@code port} is none
     */
    public static HealthCheck tcp(String host, int port) {
        return tcp(new HostAndPort(host, port, InetAddress::getAllByName));
    }

    static NetworkCheck tcp(HostAndPort server) {
        return deadline -> {
            try (Socket socket = server.connect(deadline)) {
                return CheckResult.up().withDetail("address", socket.getRemoteSocketAddress());
            }
        };
    }

    /**
     * Sends a GET request by HTTP/1.1 and looks at the status of the answer. Another one than expected is DOWN, reason
     * {@code unexpected-status}; what is not HTTP is DOWN, reason {@code invalid}. A redirect is not followed: it is a
     * status as any other. The body is not read. With {@code https} the certificate must be trusted by
     * {@link javax.net.ssl.SSLContext#getDefault()} and be the host's.
     *
     * <p>Details: {@code status}.
     *
     * @param uri with {@code http} or {@code https}, a host and no user; it may hold secrets, and is never shown
     * @param expectedStatus 200 to 599 each; if none is given, 200 to 299
     * @return the check
     * @throws IllegalArgumentException if {@code uri} or a status is not of that form
     */
    public static HealthCheck http(URI uri, int... expectedStatus) {
        return http(uri, InetAddress::getAllByName, expectedStatus);
    }

    static HealthCheck http(URI uri, Resolver resolver, int... expectedStatus) {
        URI ascii = URI.create(requireNonNull(uri, "uri").toASCIIString());
        boolean known = GetRequest.isSecure(ascii) || "http".equalsIgnoreCase(ascii.getScheme());
        require(known, "uri", ascii.getScheme(), "http or https");
        require(ascii.getHost() != null, "uri", "no host", "a host");
        require(ascii.getRawUserInfo() == null, "uri", "a user", "no user, who would not be sent");
        HostAndPort server = new HostAndPort(ascii.getHost(), GetRequest.port(ascii), resolver);
        return new HttpGet(server, ascii, statuses(expectedStatus));
    }

    /**
     * Looks a name up. That there is an address says nothing about who is behind it.
     *
     * <p>Details: {@code addresses}.
     *
     * @param name of a host; of an address nothing is looked up
     * @return the check
     */
    public static HealthCheck dns(String name) {
        return dns(name, InetAddress::getAllByName);
    }

    static NetworkCheck dns(String name, Resolver resolver) {
        requireNonNull(name, "name");
        return deadline -> CheckResult.up()
                .withDetail(
                        "addresses",
                        Arrays.stream(resolver.resolve(name))
                                .map(InetAddress::getHostAddress)
                                .toList());
    }

    /**
     * Looks at the certificate that a server shows at the begin of TLS, as host of which it is asked. One that is no
     * longer or not yet valid is DOWN, reason {@code certificate-expired} or {@code certificate-not-yet-valid}; one that
     * is about to expire is DEGRADED, reason {@code certificate-expiring}. Nothing else is judged, neither names nor
     * trust nor the certificates of its authorities: {@link #http} does that. Nothing is said on the connection.
     *
     * <p>A certificate dwindles slowly; to look {@link CheckOptions#every every} hour is often enough.
     *
     * <p>Details: {@code subject}; {@code notAfter}, when it expires.
     *
     * @param host a name or an address
     * @param port 1 to 65535; TLS begins at once, without a STARTTLS
     * @param minimumLeft positive; for so long it has to be valid still
     * @return the check
     * @throws IllegalArgumentException if {@code port} is none, or {@code minimumLeft} not positive
     */
    public static HealthCheck tlsCertificate(String host, int port, Duration minimumLeft) {
        HostAndPort server = new HostAndPort(host, port, InetAddress::getAllByName);
        return new CertificateAge(server, Arguments.positive("minimumLeft", minimumLeft), InstantSource.system());
    }

    private static Set<Integer> statuses(int... expected) {
        return IntStream.of(expected)
                .peek(status -> require(status >= 200 && status <= 599, "expectedStatus", status, "200 to 599"))
                .boxed()
                .collect(Collectors.toUnmodifiableSet());
    }
}
