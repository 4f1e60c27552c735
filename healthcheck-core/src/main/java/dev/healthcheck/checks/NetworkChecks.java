package dev.healthcheck.checks;

import static dev.healthcheck.checks.Arguments.require;
import static java.util.Objects.requireNonNull;

import dev.healthcheck.CheckOptions;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.Probe;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Checks of other servers on the network.
 *
 * <p>They belong to {@link Probe#READINESS}. A restart of this process does not repair what they find, so they propose
 * {@link CheckOptions#dependency()}, which keeps them out of {@link Probe#LIVENESS}.
 *
 * <p>Each run ends by itself within {@link dev.healthcheck.Deadline#ownBudget()}, also if the server is silent or sends one
 * byte at a time. It closes what it has opened and starts no thread. The exception is the look-up of a name: the JDK neither
 * bounds it nor allows interrupts. When the name server hangs, the registry answers in time without the check. By default the JVM caches an address for 30 seconds, and a missing name for 10 seconds
 * (the security properties {@code networkaddress.cache.ttl} and {@code networkaddress.cache.negative.ttl}).
 *
 * <p>A run tries all addresses of a name in turn until one accepts the connection. Each may take an equal share of the time
 * that is left. If none accepts, {@code refused} takes precedence over {@code unreachable}, and the cause names the
 * address; the failures of the others are its suppressed exceptions. Once an address has accepted, the run tries no other,
 * because clients do not either. {@code 0.0.0.0} and {@code ::} do not count as addresses: they reach this machine, and some
 * name servers return them for blocked names.
 *
 * <p>All of them are DOWN for these reasons:
 *
 * <ul>
 *   <li>{@code unknown-host}: the name has no address
 *   <li>{@code refused}: the host is there, but nothing listens on the port
 *   <li>{@code unreachable}: there is no route to the host, or no answer from it in time
 *   <li>{@code timeout}: the connection is open, but no complete answer came in time
 *   <li>{@code tls}: the TLS handshake failed
 *   <li>{@code disconnected}: the server closed the connection instead of answering
 * </ul>
 *
 * <p>The detail {@code address} is the one that accepted.
 *
 * <p>Connections are direct: the checks use none of the JVM's proxies, neither for HTTP nor SOCKS. A host may have an
 * underscore. An empty host, a blank or a port in it are refused.
 */
public final class NetworkChecks {
    private NetworkChecks() {}

    /**
     * Connects and closes the connection again, without sending anything. The kernel accepts connections also for a process
     * that hangs; {@link #http} or a ping of the server's own protocol says more.
     *
     * <p>Details: {@code address}.
     *
     * @param host a name or an address
     * @param port 1 to 65535
     * @return the check
     * @throws IllegalArgumentException if {@code host} is neither, or {@code port} is out of bounds
     */
    public static HealthCheck tcp(String host, int port) {
        return tcp(new HostAndPort(host, port, InetAddress::getAllByName));
    }

    static NetworkCheck tcp(HostAndPort server) {
        return deadline -> server.ask(deadline, connection -> CheckResult.up());
    }

    /**
     * Sends a GET request by HTTP/1.1 and judges the status of the answer. An unexpected status is DOWN, reason
     * {@code unexpected-status}; an answer that is not HTTP is DOWN, reason {@code invalid}. The check does not follow
     * redirects: they are a status like any other. It does not read the body. With {@code https}
     * {@link javax.net.ssl.SSLContext#getDefault()} must trust the certificate, and the certificate must be the host's. The
     * JDK verifies no name with an underscore, so such a host is refused with {@code https}.
     *
     * <p>Details: {@code status}, {@code address}.
     *
     * @param uri with {@code http} or {@code https}, a host and no user; it may contain secrets, and the check never shows it
     * @param expectedStatus 200 to 599 each. Default: 200 to 299
     * @return the check
     * @throws IllegalArgumentException if {@code uri} or a status does not have that form
     */
    public static HealthCheck http(URI uri, int... expectedStatus) {
        return http(uri, InetAddress::getAllByName, expectedStatus);
    }

    static HealthCheck http(URI uri, Resolver resolver, int... expectedStatus) {
        GetRequest request = GetRequest.to(requireNonNull(uri, "uri"));
        boolean verifiable = !request.isSecure() || request.host().indexOf('_') < 0;
        require(verifiable, "uri", "an underscore in the host", "none with https: the JDK verifies no such name");
        HostAndPort server = new HostAndPort(request.host(), request.port(), resolver);
        return new HttpGet(server, request, statuses(expectedStatus));
    }

    /**
     * Looks up a name. The check says nothing about the servers at the addresses.
     *
     * <p>Details: {@code addresses}.
     *
     * @param name of a host; for an address there is no look-up
     * @return the check
     * @throws IllegalArgumentException if {@code name} is neither a name nor an address
     */
    public static HealthCheck dns(String name) {
        return dns(name, InetAddress::getAllByName);
    }

    static NetworkCheck dns(String name, Resolver resolver) {
        Arguments.host("name", name);
        return deadline -> CheckResult.up()
                .withDetail(
                        "addresses",
                        Arrays.stream(resolver.usableAddresses(name))
                                .map(InetAddress::getHostAddress)
                                .toList());
    }

    /**
     * Performs a TLS handshake with {@code host} as the server name (SNI) and inspects the leaf certificate. A certificate
     * that is no longer or not yet valid is DOWN, reason {@code certificate-expired} or {@code certificate-not-yet-valid}.
     * One that expires within {@code minimumLeft} is DEGRADED, reason {@code certificate-expiring}. If {@code host} is a name,
     * and the certificate names other servers only, the check is DOWN, reason {@code certificate-wrong-host}. The check judges
     * neither trust nor the certificates of authorities; {@link #http} does. It sends nothing after the handshake.
     *
     * <p>{@link CheckOptions#every Every} hour is often enough.
     *
     * <p>Details: {@code subject}; {@code notAfter}, when it expires; {@code daysLeft}, negative after that;
     * {@code address}.
     *
     * @param host a name or an address
     * @param port 1 to 65535; TLS begins at once, without STARTTLS
     * @param minimumLeft how long the certificate must still be valid; positive
     * @return the check
     * @throws IllegalArgumentException if {@code host} is neither a name nor an address, {@code port} is out of bounds, or
     *     {@code minimumLeft} is not positive
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
