package dev.healthcheck.checks;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.testkit.Patience;
import dev.healthcheck.testkit.Ports;
import dev.healthcheck.testkit.RawServer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The probe client with {@code --wait}: asks again until the answer is healthy or the time is over. */
class ProbeClientWaitTest {
    private static final String UP = "HTTP/1.1 200 OK\r\n\r\n{\"status\":\"UP\"}";
    private static final String DOWN = "HTTP/1.1 503 No\r\n\r\n{\"status\":\"DOWN\",\"reason\":\"starting\"}";

    private final AtomicInteger requests = new AtomicInteger();

    @Test
    void a_server_that_comes_later_is_healthy_then() throws Exception {
        int port = Ports.free();
        AtomicInteger lookUps = new AtomicInteger();
        FutureTask<String> line = probing(
                name -> {
                    lookUps.incrementAndGet();
                    return InetAddress.getAllByName("127.0.0.1");
                },
                "--timeout",
                "20s",
                "--wait",
                "60s",
                "http://orders:" + port);
        await().until(() -> lookUps.get() >= 2); // the first one found the port closed
        assertThat(line).isNotDone();

        try (RawServer server = at(port)) {
            assertThat(line.get(90, SECONDS)).isEqualTo("healthy: 200 UP");
            assertThat(server.port()).isEqualTo(port);
        }
    }

    private static RawServer at(int port) throws Exception {
        return new RawServer(new ServerSocket(port, 50, InetAddress.getLoopbackAddress()), RawServer.answering(UP));
    }

    @Test
    void a_service_that_is_starting_is_asked_until_it_is_ready() throws Exception {
        try (RawServer server = new RawServer(socket -> {
            RawServer.readHead(socket);
            RawServer.write(socket, requests.incrementAndGet() < 3 ? DOWN : UP);
        })) {
            assertThat(ProbeClient.probe("--timeout", "20s", "--wait", "60s", url(server)))
                    .isEqualTo("healthy: 200 UP");
            assertThat(requests).hasValue(3);
        }
    }

    @Test
    void a_name_that_is_not_known_yet_is_looked_up_again() throws Exception {
        try (RawServer server = new RawServer(RawServer.answering(UP))) {
            Resolver resolver = name -> {
                if (requests.incrementAndGet() == 1) {
                    throw new UnknownHostException(name);
                }
                return InetAddress.getAllByName("127.0.0.1");
            };

            assertThat(ProbeClient.probe(
                            resolver, "--timeout", "20s", "--wait", "60s", "http://orders:" + server.port()))
                    .isEqualTo("healthy: 200 UP");
        }
    }

    @Test
    void at_the_end_of_the_time_the_last_answer_is_told_and_it_was_not_asked_too_often() throws Exception {
        try (RawServer server = new RawServer(socket -> {
            RawServer.readHead(socket);
            requests.incrementAndGet();
            RawServer.write(socket, DOWN);
        })) {
            String line = ProbeClient.probe("--timeout", "20s", "--wait", "2s", url(server));

            assertThat(line).isEqualTo("unhealthy: 503 DOWN starting");
            assertThat(ProbeClient.exitCode(line)).isEqualTo(1);
            assertThat(requests.get()).isBetween(1, 4);
        }
    }

    @Test
    void a_last_request_that_is_cut_short_tells_nothing_new() throws Exception {
        try (RawServer server = new RawServer(socket -> {
            RawServer.readHead(socket);
            if (requests.incrementAndGet() == 1) {
                RawServer.write(socket, DOWN);
            } else {
                RawServer.listen(socket);
            }
        })) {
            assertThat(ProbeClient.probe("--timeout", "600s", "--wait", "2s", url(server)))
                    .isEqualTo("unhealthy: 503 DOWN starting");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"200ms", "600s"})
    void a_server_that_never_answers_is_a_timeout_at_the_end_of_the_time(String timeout) throws Exception {
        try (RawServer server = new RawServer(RawServer::listen)) {
            String line = Patience.assertAnsweredWithin(
                    Duration.ofSeconds(1),
                    () -> ProbeClient.probe("--timeout", timeout, "--wait", "700ms", url(server)));

            assertThat(line).isEqualTo("unhealthy: timeout");
        }
    }

    @Test
    void look_ups_that_hang_do_not_pile_up() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Resolver resolver = name -> {
            requests.incrementAndGet();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new UnknownHostException(name);
        };
        try {
            assertThat(ProbeClient.probe(resolver, "--timeout", "10ms", "--wait", "1100ms", "http://orders:8080"))
                    .isEqualTo("unhealthy: timeout");
            assertThat(requests).hasValue(1);
        } finally {
            end.countDown();
        }
    }

    @Test
    void what_is_wrong_with_the_arguments_ends_it_at_once() throws Exception {
        Resolver resolver = name -> InetAddress.getAllByName("192.0.2.1");

        String line = ProbeClient.probe(resolver, "--trust-loopback", "--wait", "600s", "https://shop.example/");

        assertThat(line).isEqualTo("usage: --trust-loopback (expected: a host on the loopback interface)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--wait", "--wait 60", "--wait 0s", "--wait 601s", "--wait -1s", "--wait --timeout 1s"})
    void a_time_to_wait_that_makes_no_sense_is_answered_with_one_that_does(String options) throws Exception {
        String line = ProbeClient.probe((options + " http://localhost:1/").split(" "));

        assertThat(line).startsWith("usage: ").contains("[--wait 60s]");
        assertThat(ProbeClient.exitCode(line)).isEqualTo(2);
    }

    private static FutureTask<String> probing(Resolver resolver, String... arguments) {
        FutureTask<String> line = new FutureTask<>(() -> ProbeClient.probe(resolver, arguments));
        new Thread(line, "waits").start();
        return line;
    }

    private static String url(RawServer server) {
        return "http://127.0.0.1:" + server.port() + "/health/ready";
    }
}
