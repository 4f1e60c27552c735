package dev.healthcheck.checks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import dev.healthcheck.Deadline;
import dev.healthcheck.testkit.Identity;
import dev.healthcheck.testkit.RawServer;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final Duration TWO_WEEKS = Duration.ofDays(14);
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final Resolver ANY_NAME_IS_THIS_MACHINE = name -> new InetAddress[] {LOOPBACK};

    private static Identity identity;
    private static Instant notBefore;
    private static Instant notAfter;

    private final SSLContext original = SSLContext.getDefault();

    TlsTest() throws Exception {}

    @BeforeAll
    static void makeCertificate(@TempDir Path directory) throws Exception {
        identity = Identity.create(directory, "shop.example");
        notBefore = identity.certificate().getNotBefore().toInstant();
        notAfter = identity.certificate().getNotAfter().toInstant();
    }

    @AfterEach
    void trustAsBefore() {
        SSLContext.setDefault(original);
    }

    @Test
    void a_certificate_that_is_valid_long_enough_is_up_and_described() throws Exception {
        try (RawServer server = tlsServer(RawServer::listen)) {
            CheckResult result = certificateAt(server, notAfter.minus(TWO_WEEKS));

            assertThat(result).hasToString("UP");
            assertThat(result.details())
                    .containsOnlyKeys("subject", "notAfter", "daysLeft", "address")
                    .containsEntry("daysLeft", 14L)
                    .containsEntry("subject", "CN=shop.example")
                    .containsEntry("notAfter", notAfter.toString());
        }
    }

    @Test
    void a_certificate_is_judged_by_the_time() throws Exception {
        try (RawServer server = tlsServer(RawServer::listen)) {
            assertThat(certificateAt(server, notBefore.minusMillis(1))).hasToString("DOWN (certificate-not-yet-valid)");
            assertThat(certificateAt(server, notBefore)).hasToString("UP");
            assertThat(certificateAt(server, notAfter.minus(TWO_WEEKS).plusMillis(1)))
                    .hasToString("DEGRADED (certificate-expiring)");
            assertThat(certificateAt(server, notAfter)).hasToString("DEGRADED (certificate-expiring)");
            CheckResult expired = certificateAt(server, notAfter.plusMillis(1));
            assertThat(expired).hasToString("DOWN (certificate-expired)");
            assertThat(expired.message()).isEqualTo("valid until " + notAfter);
            assertThat(expired.details()).containsKey("subject");
        }
    }

    @Test
    void the_clock_is_the_systems_if_not_in_tests() throws Exception {
        try (RawServer server = tlsServer(RawServer::listen)) {
            String host = LOOPBACK.getHostAddress();

            assertThat(NetworkChecks.tlsCertificate(host, server.port(), TWO_WEEKS)
                            .check(Deadline.after(LONG)))
                    .hasToString("UP");
            assertThat(NetworkChecks.tlsCertificate(host, server.port(), Duration.ofDays(91))
                            .check(Deadline.after(LONG)))
                    .hasToString("DEGRADED (certificate-expiring)");
        }
    }

    @Test
    void a_server_is_asked_for_the_certificate_of_the_host() throws Exception {
        BlockingQueue<List<SNIServerName>> names = new LinkedBlockingQueue<>();
        try (RawServer server = tlsServer(socket -> {
            ((SSLSocket) socket).startHandshake();
            names.add(((ExtendedSSLSession) ((SSLSocket) socket).getSession()).getRequestedServerNames());
        })) {
            assertThat(certificateAt(server, notBefore)).hasToString("UP");

            assertThat(names.poll(10, SECONDS)).containsExactly(new SNIHostName("shop.example"));
        }
    }

    /** As the one that a proxy makes up when it does not find the right one: it is valid for long. */
    @Test
    void a_certificate_of_another_host_is_down_with_reason_certificate_wrong_host() throws Exception {
        try (RawServer server = tlsServer(RawServer::listen)) {
            HostAndPort other = new HostAndPort("orders.example", server.port(), ANY_NAME_IS_THIS_MACHINE);

            CheckResult result = new CertificateAge(other, TWO_WEEKS, () -> notBefore).check(Deadline.after(LONG));

            assertThat(result).hasToString("DOWN (certificate-wrong-host)");
            assertThat(result.message()).isEqualTo("issued for shop.example");
        }
    }

    @Test
    void a_server_with_an_underscore_in_its_name_is_asked_for_its_certificate() throws Exception {
        BlockingQueue<String> hellos = new LinkedBlockingQueue<>();
        try (RawServer server = new RawServer(socket -> {
            byte[] hello = new byte[2000];
            int length = socket.getInputStream().read(hello);
            hellos.add(new String(hello, 0, length, ISO_8859_1));
        })) {
            HostAndPort shop = new HostAndPort("my_shop.example", server.port(), ANY_NAME_IS_THIS_MACHINE);

            assertThat(new CertificateAge(shop, TWO_WEEKS, () -> notBefore).check(Deadline.after(LONG)))
                    .hasToString("DOWN (tls)");
            assertThat(hellos.poll(10, SECONDS)).contains("my_shop.example");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void a_server_that_wants_a_certificate_of_the_client_has_shown_its_own(String protocol) throws Exception {
        SSLServerSocket listener =
                (SSLServerSocket) identity.context().getServerSocketFactory().createServerSocket(0, 50, LOOPBACK);
        listener.setNeedClientAuth(true);
        listener.setEnabledProtocols(new String[] {protocol});
        try (RawServer server = new RawServer(listener, RawServer::listen)) {
            assertThat(certificateAt(server, notAfter.plusSeconds(1))).hasToString("DOWN (certificate-expired)");
        }
    }

    @Test
    void a_server_without_tls_has_no_certificate() throws Exception {
        try (RawServer server = new RawServer(socket -> RawServer.write(socket, "220 mail.example ESMTP\r\n"))) {
            assertThat(certificateAt(server, notBefore)).hasToString("DOWN (tls)");
        }
    }

    @Test
    void a_server_that_does_not_answer_the_handshake_is_a_timeout_within_the_time_of_the_run() throws Exception {
        try (RawServer server = new RawServer(RawServer::listen)) {
            assertThat(onceConnected(() -> certificate(server, notBefore, SHORT)))
                    .hasToString("DOWN (timeout)");
            assertThat(server.ends.poll(10, SECONDS)).as("it is hung up on").isEqualTo("complete");
        }
    }

    @Test
    void a_server_that_drips_its_handshake_is_a_timeout_within_the_time_of_the_run() throws Exception {
        String beginOfRecord = "\u0016\u0003\u0003@\u0000\u0002\u0000?\u00fc";
        try (RawServer server = new RawServer(socket -> RawServer.drip(socket, beginOfRecord))) {
            assertThat(onceConnected(() -> certificate(server, notBefore, SHORT)))
                    .hasToString("DOWN (timeout)");
            assertThat(server.ends.poll(10, SECONDS)).as("it is hung up on").isNotNull();
        }
    }

    @Test
    void a_page_behind_a_trusted_certificate_is_up() throws Exception {
        SSLContext.setDefault(identity.context());
        try (RawServer server = tlsServer(RawServer.answering("HTTP/1.1 200 OK\r\n\r\n"))) {
            assertThat(get("shop.example", server, LONG)).hasToString("UP");
        }
    }

    @Test
    void a_page_behind_a_certificate_of_another_host_is_down_with_reason_tls() throws Exception {
        SSLContext.setDefault(identity.context());
        try (RawServer server = tlsServer(RawServer.answering("HTTP/1.1 200 OK\r\n\r\n"))) {
            assertThat(get("orders.example", server, LONG)).hasToString("DOWN (tls)");
        }
    }

    @Test
    void a_page_behind_a_certificate_that_nobody_trusts_is_down_with_reason_tls() throws Exception {
        try (RawServer server = tlsServer(RawServer.answering("HTTP/1.1 200 OK\r\n\r\n"))) {
            assertThat(get("shop.example", server, LONG)).hasToString("DOWN (tls)");
        }
    }

    @Test
    void a_page_that_drips_behind_tls_is_a_timeout_within_the_time_of_the_run() throws Exception {
        SSLContext.setDefault(identity.context());
        try (RawServer server = tlsServer(socket -> RawServer.drip(socket, "x"))) {
            assertThat(onceConnected(() -> get("shop.example", server, SHORT))).hasToString("DOWN (timeout)");
            assertThat(server.ends.poll(10, SECONDS)).as("it is hung up on").isNotNull();
        }
    }

    @Test
    void so_little_time_that_it_is_none_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkChecks.tlsCertificate("host", 443, Duration.ZERO))
                .withMessage("minimumLeft: PT0S (expected: > 0)");
    }

    private static RawServer tlsServer(RawServer.Conversation conversation) throws Exception {
        return new RawServer(identity.context().getServerSocketFactory(), conversation);
    }

    private static CheckResult certificateAt(RawServer server, Instant now) throws Exception {
        return certificate(server, now, LONG);
    }

    private static CheckResult certificate(RawServer server, Instant now, Duration time) throws Exception {
        HostAndPort peer = new HostAndPort("shop.example", server.port(), ANY_NAME_IS_THIS_MACHINE);
        return new CertificateAge(peer, TWO_WEEKS, () -> now).check(Deadline.after(time));
    }

    /** Asks again if a busy machine has left no time for the connection. */
    private static CheckResult onceConnected(Callable<CheckResult> question) {
        return await().until(question, result -> !"unreachable".equals(result.reason()));
    }

    private static CheckResult get(String host, RawServer server, Duration time) throws Exception {
        URI uri = URI.create("https://" + host + ":" + server.port());
        return NetworkChecks.http(uri, ANY_NAME_IS_THIS_MACHINE).check(Deadline.after(time));
    }
}
