package dev.healthcheck.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Faults that are not what they say would prove nothing. */
class TcpProxyTest {
    private ServerSocket server;
    private TcpProxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var echo = new Thread(this::serve, "echo");
        echo.setDaemon(true);
        echo.start();
        proxy = TcpProxy.to(server.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.close();
    }

    @Test
    void forwards_both_ways_and_forgets_what_has_ended() throws IOException {
        try (Socket client = connect()) {
            assertThat(echo(client, "ping")).isEqualTo("ping");
            assertThat(proxy.connections()).isEqualTo(1);
        }
        await().until(() -> proxy.connections() == 0);
    }

    @Test
    void a_slow_network_delays_both_ways() throws IOException {
        proxy.delay(Duration.ofMillis(30));
        try (Socket client = connect()) {
            long start = System.nanoTime();
            assertThat(echo(client, "ping")).isEqualTo("ping");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(60));
        }
    }

    @Test
    void a_black_hole_keeps_connections_and_accepts_new_ones_but_says_nothing_until_healed() throws IOException {
        try (Socket old = connect()) {
            assertThat(echo(old, "one")).isEqualTo("one");
            proxy.freeze();

            assertNoEcho(old, "two");
            try (Socket fresh = connect()) {
                assertNoEcho(fresh, "new");
                proxy.heal();
                assertThat(read(old, 3)).isEqualTo("two");
                assertThat(read(fresh, 3)).isEqualTo("new");
            }
        }
    }

    @Test
    void a_black_hole_for_open_connections_serves_new_ones() throws IOException {
        try (Socket old = connect()) {
            assertThat(echo(old, "one")).isEqualTo("one");
            proxy.freezeOpen();

            assertNoEcho(old, "two");
            try (Socket fresh = connect()) {
                assertThat(echo(fresh, "new")).isEqualTo("new");
            }
        }
    }

    @Test
    void a_reset_ends_connections_old_and_new_until_healed() throws IOException {
        try (Socket old = connect()) {
            assertThat(echo(old, "one")).isEqualTo("one");
            proxy.reset();

            assertThatThrownBy(() -> echo(old, "two")).isInstanceOf(SocketException.class);
            assertThatThrownBy(() -> echo(connect(), "new")).isInstanceOf(SocketException.class);
        }
        proxy.heal();
        try (Socket fresh = connect()) {
            assertThat(echo(fresh, "again")).isEqualTo("again");
        }
    }

    @Test
    void refuses_to_connect_until_healed() throws IOException {
        proxy.refuse();

        assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        proxy.heal();
        try (Socket fresh = connect()) {
            assertThat(echo(fresh, "again")).isEqualTo("again");
        }
    }

    private Socket connect() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(30_000);
        return socket;
    }

    private static void assertNoEcho(Socket socket, String text) throws IOException {
        int usual = socket.getSoTimeout();
        socket.setSoTimeout(500);
        assertThatThrownBy(() -> echo(socket, text)).isInstanceOf(SocketTimeoutException.class);
        socket.setSoTimeout(usual);
    }

    private static String echo(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
        return read(socket, text.length());
    }

    private static String read(Socket socket, int length) throws IOException {
        byte[] bytes = socket.getInputStream().readNBytes(length);
        if (bytes.length < length) {
            throw new SocketException("ended");
        }
        return new String(bytes, US_ASCII);
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                var echo = new Thread(() -> echo(client), "echo");
                echo.setDaemon(true);
                echo.start();
            } catch (IOException e) {
                // closed
            }
        }
    }

    private static void echo(Socket client) {
        try (client) {
            client.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException e) {
            // the proxy has ended it
        }
    }
}
