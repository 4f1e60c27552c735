package dev.healthcheck.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.healthcheck.CheckResult;
import dev.healthcheck.Deadline;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Probe;
import dev.healthcheck.testkit.Ports;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkChecksTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(300);

    @Test
    void a_listener_is_up_and_sees_the_connection_end() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, LOOPBACK)) {
            CheckResult result = NetworkChecks.tcp(LOOPBACK.getHostAddress(), server.getLocalPort())
                    .check(Deadline.after(LONG));

            assertThat(result).hasToString("UP");
            try (Socket connection = server.accept()) {
                assertThat(result.details())
                        .containsOnlyKeys("address")
                        .containsEntry("address", "127.0.0.1:" + server.getLocalPort());
                connection.setSoTimeout(10_000);
                assertThat(connection.getInputStream().read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void a_port_that_nobody_listens_to_is_refused() throws Exception {
        HealthCheck check = NetworkChecks.tcp(LOOPBACK.getHostAddress(), Ports.free());

        assertThat(check.check(Deadline.after(LONG))).hasToString("DOWN (refused)");
    }

    @Test
    void a_host_that_does_not_answer_is_unreachable_within_the_time_of_the_run() throws Exception {
        try (BlackHole hole = new BlackHole()) {
            HealthCheck check = NetworkChecks.tcp(LOOPBACK.getHostAddress(), hole.port());

            assertThat(check.check(Deadline.after(SHORT))).hasToString("DOWN (unreachable)");
        }
    }

    @Test
    void without_time_left_nothing_is_tried_for_long() throws Exception {
        try (BlackHole hole = new BlackHole()) {
            HealthCheck check = NetworkChecks.tcp(LOOPBACK.getHostAddress(), hole.port());

            assertThat(check.check(Deadline.after(Duration.ZERO))).hasToString("DOWN (unreachable)");
        }
    }

    @Test
    void the_next_address_of_a_name_is_tried_when_one_refuses() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, LOOPBACK)) {
            Resolver resolver = name -> new InetAddress[] {InetAddress.getByName("127.0.0.2"), LOOPBACK};
            HealthCheck check = NetworkChecks.tcp(new HostAndPort("orders.example", server.getLocalPort(), resolver));

            assertThat(check.check(Deadline.after(LONG))).hasToString("UP");
        }
    }

    @Test
    void the_next_address_of_a_name_gets_time_when_one_does_not_answer() throws Exception {
        try (BlackHole hole = new BlackHole();
                ServerSocket server = new ServerSocket(hole.port(), 50, InetAddress.getByName("127.0.0.2"))) {
            Resolver resolver = name -> new InetAddress[] {LOOPBACK, server.getInetAddress()};
            HealthCheck check = NetworkChecks.tcp(new HostAndPort("orders.example", hole.port(), resolver));

            assertThat(check.check(Deadline.after(Duration.ofSeconds(2)))).hasToString("UP");
        }
    }

    @ParameterizedTest
    @MethodSource("checksOfUnknownHost")
    void a_name_without_an_address_is_an_unknown_host(HealthCheck check) throws Exception {
        CheckResult result = check.check(Deadline.after(LONG));

        assertThat(result).hasToString("DOWN (unknown-host)");
        assertThat(result.cause()).isInstanceOf(UnknownHostException.class);
    }

    static Stream<HealthCheck> checksOfUnknownHost() {
        Resolver resolver = name -> {
            throw new UnknownHostException(name);
        };
        return Stream.of(
                NetworkChecks.dns("no.such.host.example", resolver),
                NetworkChecks.tcp(new HostAndPort("no.such.host.example", 80, resolver)),
                NetworkChecks.http(URI.create("http://no.such.host.example"), resolver));
    }

    @Test
    void a_name_with_addresses_is_up_and_lists_them() throws Exception {
        Resolver resolver = name -> new InetAddress[] {LOOPBACK, InetAddress.getByName("127.0.0.2")};

        CheckResult result = NetworkChecks.dns("orders.example", resolver).check();

        assertThat(result).hasToString("UP");
        assertThat(result.details()).containsEntry("addresses", List.of("127.0.0.1", "127.0.0.2"));
    }

    @Test
    void the_name_of_this_machine_is_looked_up() throws Exception {
        assertThat(NetworkChecks.dns("localhost").check()).hasToString("UP");
    }

    @Test
    void a_name_server_that_hangs_holds_no_answer_up() {
        CountDownLatch released = new CountDownLatch(1);
        Resolver hanging = name -> hang(released);
        try (var registry = HealthCheckRegistry.create()) {
            registry.register("dns", NetworkChecks.dns("orders.example", hanging), o -> o.timeout(SHORT));

            assertThat(registry.check(Probe.READINESS)).hasToString("DOWN [dns DOWN (timeout)]");
        } finally {
            released.countDown();
        }
    }

    @Test
    void an_outage_elsewhere_restarts_nobody() {
        try (var registry = HealthCheckRegistry.create()) {
            for (HealthCheck check : List.of(
                    NetworkChecks.dns("localhost"),
                    NetworkChecks.tcp("localhost", 1),
                    NetworkChecks.http(URI.create("http://localhost")),
                    NetworkChecks.tlsCertificate("localhost", 443, Duration.ofDays(1)))) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> registry.register("far", check, o -> o.probes(Probe.LIVENESS)))
                        .withMessageStartingWith("far: probes: [LIVENESS] (expected: no dependency in LIVENESS");
            }
        }
    }

    @Test
    void a_run_leaves_the_registry_15_percent_of_its_time() throws Exception {
        NetworkCheck check = deadline ->
                CheckResult.up().withDetail("s", deadline.remaining().toSeconds());

        assertThat((Long) check.check(Deadline.after(Duration.ofSeconds(10_000)))
                        .details()
                        .get("s"))
                .isBetween(8_400L, 8_500L);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 65_536})
    void a_port_that_is_none_is_refused(int port) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkChecks.tcp("localhost", port))
                .withMessage("port: " + port + " (expected: 1 to 65535)");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 65_535})
    void the_lowest_and_the_highest_port_are_ports(int port) {
        assertThat(NetworkChecks.tcp("localhost", port)).isNotNull();
    }

    /** The JDK takes an empty host for this machine. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\t",
                " shop",
                "shop ",
                "my shop",
                "shop\n",
                "\u00a0",
                "shop:80",
                "[::1]:80",
                "http://shop",
                "shop/",
                "me@shop"
            })
    void what_is_no_host_is_refused(String host) {
        String expected = ": \"" + host + "\" (expected: a name or an address, without a port)";

        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkChecks.tcp(host, 1))
                .withMessage("host" + expected);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkChecks.tlsCertificate(host, 1, LONG))
                .withMessage("host" + expected);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NetworkChecks.dns(host))
                .withMessage("name" + expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shop",
                "shop.example.",
                "my_shop",
                "127.0.0.1",
                "::1",
                "[::1]",
                "fe80::1%eth0",
                "b\u00fccher.example"
            })
    void names_and_addresses_are_hosts(String host) {
        assertThat(NetworkChecks.tcp(host, 1)).isNotNull();
        assertThat(NetworkChecks.dns(host)).isNotNull();
    }

    @Test
    void a_name_with_an_underscore_is_a_host() throws Exception {
        Resolver resolver =
                name -> new InetAddress[] {name.equals("my_shop") ? LOOPBACK : InetAddress.getByName("127.0.0.2")};
        try (ServerSocket server = new ServerSocket(0, 50, LOOPBACK)) {
            assertThat(NetworkChecks.tcp(new HostAndPort("my_shop", server.getLocalPort(), resolver))
                            .check(Deadline.after(LONG)))
                    .hasToString("UP");
            assertThat(NetworkChecks.dns("my_shop", resolver).check().details())
                    .containsEntry("addresses", List.of("127.0.0.1"));
        }
    }

    @Test
    void what_is_null_is_refused_by_name() {
        assertThatNullPointerException()
                .isThrownBy(() -> NetworkChecks.tcp(null, 1))
                .withMessage("host");
        assertThatNullPointerException()
                .isThrownBy(() -> NetworkChecks.dns(null))
                .withMessage("name");
        assertThatNullPointerException()
                .isThrownBy(() -> NetworkChecks.http(null))
                .withMessage("uri");
        assertThatNullPointerException()
                .isThrownBy(() -> NetworkChecks.tlsCertificate("localhost", 1, null))
                .withMessage("minimumLeft");
    }

    private static InetAddress[] hang(CountDownLatch released) {
        while (released.getCount() > 0) {
            try {
                released.await();
            } catch (InterruptedException e) {
                // as a look-up in the operating system does: it goes on
            }
        }
        return new InetAddress[] {LOOPBACK};
    }
}
