package dev.healthcheck.checks;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.testkit.Identity;
import dev.healthcheck.testkit.Ports;
import dev.healthcheck.testkit.RawServer;
import dev.healthcheck.testkit.TcpProxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks and servers that do not answer, and those that are not to be trusted. */
class ProbeClientFaultsTest {
    private static final String FINE = "HTTP/1.1 200 OK\r\n\r\n";

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private static Identity localhost;
    private static Identity other;

    private final SSLContext original = SSLContext.getDefault();

    ProbeClientFaultsTest() throws Exception {}

    @BeforeAll
    static void makeCertificates(@TempDir Path directory) throws Exception {
        localhost = Identity.create(Files.createDirectory(directory.resolve("localhost")), "localhost");
        other = Identity.create(Files.createDirectory(directory.resolve("other")), "shop.example");
    }

    @AfterEach
    void trustAsBefore() {
        SSLContext.setDefault(original);
    }

    @Test
    void a_port_that_nobody_listens_to_is_refused() throws Exception {
        assertThat(ask("http://localhost:" + Ports.free())).isEqualTo("unhealthy: refused");
    }

    @Test
    void a_server_that_hangs_up_is_disconnected() throws Exception {
        try (RawServer server = new RawServer(RawServer::readHead)) {
            assertThat(ask("http://localhost:" + server.port())).isEqualTo("unhealthy: disconnected");
        }
    }

    @Test
    void a_connection_that_is_reset_is_disconnected() throws Exception {
        try (RawServer server = new RawServer(socket -> {
            RawServer.readHead(socket);
            socket.setSoLinger(true, 0);
        })) {
            assertThat(ask("http://localhost:" + server.port())).isEqualTo("unhealthy: disconnected");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void a_black_hole_is_a_timeout_until_it_is_healed(String scheme) throws Exception {
        SSLContext.setDefault(localhost.context());
        try (RawServer server = server(scheme, RawServer.answering(FINE));
                TcpProxy proxy = TcpProxy.to(server.port())) {
            String url = scheme + "://localhost:" + proxy.port();
            proxy.freeze();
            assertThat(ProbeClient.probe("--timeout", "300ms", url)).isEqualTo("unhealthy: timeout");

            proxy.heal();
            assertThat(ask(url)).isEqualTo("healthy: 200");
        }
    }

    @Test
    void the_next_address_of_a_name_is_tried_when_one_refuses() throws Exception {
        Resolver resolver = name -> new InetAddress[] {InetAddress.getByName("127.0.0.2"), LOOPBACK};
        try (RawServer server = new RawServer(RawServer.answering(FINE))) {
            assertThat(ProbeClient.probe(resolver, "--timeout", "20s", "http://orders.example:" + server.port()))
                    .isEqualTo("healthy: 200");
        }
    }

    @Test
    void the_next_address_of_a_name_gets_time_when_one_does_not_answer() throws Exception {
        try (BlackHole hole = new BlackHole();
                RawServer server = new RawServer(
                        new ServerSocket(hole.port(), 50, InetAddress.getByName("127.0.0.2")),
                        RawServer.answering(FINE))) {
            Resolver resolver = name -> new InetAddress[] {LOOPBACK, InetAddress.getByName("127.0.0.2")};

            assertThat(ProbeClient.probe(resolver, "--timeout", "5s", "http://orders.example:" + server.port()))
                    .isEqualTo("healthy: 200");
        }
    }

    @Test
    void a_host_that_does_not_answer_is_a_timeout() throws Exception {
        try (BlackHole hole = new BlackHole()) {
            assertThat(ProbeClient.probe("--timeout", "300ms", "http://127.0.0.1:" + hole.port()))
                    .isEqualTo("unhealthy: timeout");
        }
    }

    @Test
    void the_option_is_refused_for_a_name_that_has_an_address_elsewhere() throws Exception {
        Resolver resolver = name -> new InetAddress[] {LOOPBACK, InetAddress.getByName("192.0.2.1")};

        assertThat(ProbeClient.probe(resolver, "--trust-loopback", "--timeout", "20s", "https://orders.example/"))
                .isEqualTo("usage: --trust-loopback (expected: a host on the loopback interface)");
    }

    /** It drips for five seconds: a limit of each read would never pass. */
    @ParameterizedTest
    @ValueSource(strings = {"", FINE})
    void a_head_or_a_body_that_drips_is_a_timeout(String beginning) throws Exception {
        assertTimeout(socket -> {
            RawServer.write(socket, beginning);
            RawServer.drip(socket, "x");
        });
    }

    /** Fails unless an answer without end is a timeout after 300 ms, and the client hangs up then. */
    static void assertTimeout(RawServer.Conversation answer) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (RawServer server = new RawServer(socket -> {
            RawServer.readHead(socket);
            asked.countDown();
            answer.with(socket);
        })) {
            await().until(() -> {
                assertThat(ProbeClient.probe("--timeout", "300ms", "http://localhost:" + server.port()))
                        .isEqualTo("unhealthy: timeout");
                return asked.getCount() == 0; // a busy machine may have left no time for the request
            });
            await().untilAsserted(() ->
                    assertThat(server.ends).as("it is hung up on").anyMatch(end -> end.contains("SocketException")));
        }
    }

    @Test
    void a_certificate_that_is_trusted_and_for_this_host_will_do() throws Exception {
        SSLContext.setDefault(localhost.context());
        try (RawServer server = tls(localhost)) {
            assertThat(ask("https://localhost:" + server.port())).isEqualTo("healthy: 200");
        }
    }

    @Test
    void a_trusted_certificate_for_another_host_will_not_do() throws Exception {
        SSLContext.setDefault(other.context());
        try (RawServer server = tls(other)) {
            assertThat(ask("https://localhost:" + server.port())).isEqualTo("unhealthy: tls");
        }
    }

    @Test
    void a_certificate_that_nobody_trusts_needs_the_option() throws Exception {
        try (RawServer server = tls(other)) {
            String url = "https://localhost:" + server.port();

            assertThat(ask(url)).isEqualTo("unhealthy: tls");
            assertThat(ProbeClient.probe("--trust-loopback", "--timeout", "20s", url))
                    .isEqualTo("healthy: 200");
        }
    }

    @Test
    void the_option_is_refused_for_a_host_elsewhere() throws Exception {
        String line = ProbeClient.probe("--trust-loopback", "--timeout", "20s", "https://192.0.2.1/");

        assertThat(line).isEqualTo("usage: --trust-loopback (expected: a host on the loopback interface)");
        assertThat(ProbeClient.exitCode(line)).isEqualTo(2);
    }

    @Test
    void a_server_without_tls_is_no_server_with_tls() throws Exception {
        try (RawServer server = new RawServer(socket -> RawServer.write(socket, FINE))) {
            assertThat(ask("https://localhost:" + server.port())).isEqualTo("unhealthy: tls");
        }
    }

    @Test
    void every_connection_is_closed() throws Exception {
        try (RawServer server = new RawServer(socket -> {
            RawServer.readHead(socket);
            RawServer.write(socket, FINE);
            socket.shutdownOutput();
            RawServer.listen(socket);
        })) {
            assertThat(ask("http://localhost:" + server.port())).isEqualTo("healthy: 200");
            assertThat(server.ends.poll(10, SECONDS)).isEqualTo("complete");
        }
    }

    private static String ask(String url) throws Exception {
        return ProbeClient.probe("--timeout", "20s", url);
    }

    private static RawServer server(String scheme, RawServer.Conversation conversation) throws Exception {
        return scheme.equals("https")
                ? new RawServer(localhost.context().getServerSocketFactory(), conversation)
                : new RawServer(conversation);
    }

    private static RawServer tls(Identity identity) throws Exception {
        return new RawServer(identity.context().getServerSocketFactory(), RawServer.answering(FINE));
    }
}
