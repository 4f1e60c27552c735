package dev.healthcheck.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.CheckResult;
import dev.healthcheck.Deadline;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.testkit.Identity;
import dev.healthcheck.testkit.Ports;
import dev.healthcheck.testkit.RawServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A name with several addresses is well if one of them accepts connections. */
class AddressesTest {
    private static final Duration SECONDS = Duration.ofSeconds(4);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final InetAddress FIRST = address(1);
    private static final InetAddress SECOND = address(2);
    private static final Resolver BOTH = name -> new InetAddress[] {FIRST, SECOND};

    @Test
    void a_page_is_got_from_the_second_address_when_the_first_is_silent() throws Exception {
        try (BlackHole silent = new BlackHole();
                RawServer server = second(silent.port(), RawServer.answering("HTTP/1.1 200 OK\r\n\r\n"))) {
            CheckResult result = http(server.port()).check(Deadline.after(SECONDS));

            assertThat(result).hasToString("UP");
            assertThat(result.details()).containsEntry("address", "127.0.0.2:" + server.port());
        }
    }

    @Test
    void a_certificate_is_got_from_the_second_address_when_the_first_is_silent(@TempDir Path directory)
            throws Exception {
        Identity identity = Identity.create(directory, "shop.example");
        try (BlackHole silent = new BlackHole()) {
            ServerSocket listener =
                    identity.context().getServerSocketFactory().createServerSocket(silent.port(), 50, SECOND);
            try (RawServer server = new RawServer(listener, RawServer::listen)) {
                // the first handshake of a JVM takes long
                assertThat(certificate(server, SECOND).check(Deadline.after(LONG)))
                        .hasToString("UP");
                HealthCheck check = certificate(server, FIRST, SECOND);

                CheckResult result = check.check(Deadline.after(SECONDS));

                assertThat(result).hasToString("UP");
                assertThat(result.details()).containsEntry("address", "127.0.0.2:" + server.port());
            }
        }
    }

    /** Clients hang on it as well. */
    @Test
    void an_address_that_accepts_and_then_says_nothing_is_a_timeout_and_named() throws Exception {
        RawServer answering = new RawServer(RawServer.answering("HTTP/1.1 200 OK\r\n\r\n"));
        try (answering;
                RawServer hanging = second(answering.port(), RawServer::listen)) {
            Resolver hangingFirst = name -> new InetAddress[] {SECOND, FIRST};
            URI uri = URI.create("http://orders.example:" + hanging.port());

            CheckResult result = NetworkChecks.http(uri, hangingFirst).check(Deadline.after(Duration.ofSeconds(2)));

            assertThat(result).hasToString("DOWN (timeout)");
            assertThat(result.details()).containsEntry("address", "127.0.0.2:" + hanging.port());
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "2, 1"})
    void an_address_that_refuses_tells_more_than_one_that_is_silent(int first, int second) throws Exception {
        Resolver resolver = name -> new InetAddress[] {address(first), address(second)};
        try (BlackHole silent = new BlackHole()) {
            HealthCheck check = NetworkChecks.tcp(new HostAndPort("orders.example", silent.port(), resolver));

            CheckResult result = check.check(Deadline.after(Duration.ofSeconds(2)));

            assertThat(result).hasToString("DOWN (refused)");
            assertThat(result.cause())
                    .isInstanceOf(ConnectException.class)
                    .hasMessageStartingWith("127.0.0.2:" + silent.port() + ": ");
            assertThat(result.cause().getSuppressed())
                    .singleElement()
                    .isInstanceOf(NoRouteToHostException.class)
                    .asString()
                    .contains("127.0.0.1:" + silent.port());
        }
    }

    /** Some name servers return it for names that they block. Who connects to it reaches this machine. */
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "0"})
    void the_address_that_stands_for_this_machine_is_none(String nobody) throws Exception {
        Resolver resolver = name -> InetAddress.getAllByName(nobody);
        try (ServerSocket everywhere = new ServerSocket(0)) {
            int port = everywhere.getLocalPort();

            assertThat(NetworkChecks.tcp(nobody, port).check(Deadline.after(LONG)))
                    .hasToString("DOWN (unknown-host)");
            assertThat(NetworkChecks.dns("blocked.example", resolver).check()).hasToString("DOWN (unknown-host)");
        }
    }

    @Test
    void an_address_of_the_next_version_of_ip_is_in_brackets() throws Exception {
        Resolver resolver = name ->
                new InetAddress[] {InetAddress.getByAddress(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1})
                };
        int port = Ports.free();
        HealthCheck check = NetworkChecks.tcp(new HostAndPort("orders.example", port, resolver));

        CheckResult result = check.check(Deadline.after(LONG));

        assertThat(result.reason()).isIn("refused", "unreachable"); // the latter on a machine without IPv6
        assertThat(result.cause()).hasMessageStartingWith("[0:0:0:0:0:0:0:1]:" + port + ": ");
    }

    private static RawServer second(int port, RawServer.Conversation conversation) throws IOException {
        return new RawServer(new ServerSocket(port, 50, SECOND), conversation);
    }

    private static HealthCheck certificate(RawServer server, InetAddress... addresses) {
        HostAndPort shop = new HostAndPort("shop.example", server.port(), name -> addresses);
        return new CertificateAge(shop, Duration.ofDays(1), InstantSource.system());
    }

    private static HealthCheck http(int port) {
        return NetworkChecks.http(URI.create("http://orders.example:" + port), BOTH);
    }

    private static InetAddress address(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
