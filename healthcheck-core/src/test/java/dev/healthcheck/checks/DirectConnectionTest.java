package dev.healthcheck.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.Deadline;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.testkit.ChildJvm;
import dev.healthcheck.testkit.Ports;
import dev.healthcheck.testkit.RawServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A proxy of the JVM that says "connected" to everything is not asked: a port on which nobody listens stays refused. */
class DirectConnectionTest {
    private static final String ALL_REFUSED = "[DOWN (refused), DOWN (refused), DOWN (refused)]";

    @Test
    void the_socks_proxy_of_the_options_is_not_asked() throws Exception {
        try (RawServer proxy = new RawServer(DirectConnectionTest::agree)) {
            List<String> options = List.of(
                    "-DsocksProxyHost=127.0.0.1",
                    "-DsocksProxyPort=" + proxy.port(),
                    "-DsocksNonProxyHosts=",
                    "-Dhttp.proxyHost=127.0.0.1",
                    "-Dhttp.proxyPort=" + proxy.port(),
                    "-Dhttp.nonProxyHosts=");

            assertThat(ChildJvm.run(options, Checks.class, "" + Ports.free())).isEqualTo(ALL_REFUSED);
            assertThat(proxy.ends).isEmpty();
        }
    }

    @Test
    void the_socks_proxy_of_a_selector_is_not_asked() throws Exception {
        ProxySelector original = ProxySelector.getDefault();
        try (RawServer proxy = new RawServer(DirectConnectionTest::agree)) {
            ProxySelector.setDefault(new Always(proxy.port()));

            assertThat(Checks.results(Ports.free())).hasToString(ALL_REFUSED);
            assertThat(proxy.ends).isEmpty();
        } finally {
            ProxySelector.setDefault(original);
        }
    }

    /** The proxy's part of SOCKS 5 (RFC 1928), and then that of any web server. */
    private static void agree(Socket client) throws IOException, InterruptedException {
        InputStream in = client.getInputStream();
        in.readNBytes(1); // the version
        in.readNBytes(in.read()); // the ways to log in
        RawServer.write(client, "\u0005\u0000");
        in.readNBytes(10); // where to, by an address of IPv4
        RawServer.write(client, "\u0005\u0000\u0000\u0001\u0000\u0000\u0000\u0000\u0000\u0000");
        RawServer.answering("HTTP/1.1 200 OK\r\n\r\n").with(client);
    }

    private static final class Always extends ProxySelector {
        private final Proxy proxy;

        Always(int port) {
            proxy = new Proxy(Proxy.Type.SOCKS, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }

        @Override
        public List<Proxy> select(URI uri) {
            return List.of(proxy);
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException failure) {
            throw new AssertionError(failure);
        }
    }

    static final class Checks {
        public static void main(String[] args) throws Exception {
            System.out.println(results(Integer.parseInt(args[0])));
        }

        private static List<String> results(int port) throws Exception {
            List<String> results = new ArrayList<>();
            for (HealthCheck check : List.of(
                    NetworkChecks.tcp("127.0.0.1", port),
                    NetworkChecks.http(URI.create("http://127.0.0.1:" + port)),
                    NetworkChecks.tlsCertificate("127.0.0.1", port, Duration.ofDays(1)))) {
                results.add(check.check(Deadline.after(Duration.ofSeconds(20))).toString());
            }
            return results;
        }
    }
}
