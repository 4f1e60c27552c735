package dev.healthcheck.checks;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.healthcheck.testkit.RawServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The line and the exit code of the probe client, by answers and arguments. */
class ProbeClientTest {
    @ParameterizedTest
    @CsvSource({
        "200, healthy: 200",
        "204, healthy: 204",
        "302, unhealthy: 302",
        "404, unhealthy: 404",
        "500, unhealthy: 500",
        "503, unhealthy: 503"
    })
    void any_success_is_healthy_and_nothing_else(int status, String line) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        try {
            assertThat(ProbeClient.probe(
                            "--timeout",
                            "20s",
                            "http://localhost:" + server.getAddress().getPort() + "/health"))
                    .isEqualTo(line);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void a_report_is_told_in_its_own_words() throws Exception {
        String body = "{\"status\":\"DOWN\",\"reason\":\"draining\",\"checks\":{\"db\":{\"status\":\"UP\"}}}";

        assertThat(answered("HTTP/1.1 503 Service Unavailable\r\n\r\n" + body))
                .isEqualTo("unhealthy: 503 DOWN draining");
    }

    @Test
    void the_reason_of_a_check_is_not_taken_for_that_of_the_report() throws Exception {
        String body = "{\"status\":\"DEGRADED\",\"checks\":{\"db\":{\"status\":\"DOWN\",\"reason\":\"auth\"}}}";

        assertThat(answered("HTTP/1.1 200 OK\r\n\r\n" + body)).isEqualTo("healthy: 200 DEGRADED");
    }

    @Test
    void words_of_a_stranger_are_not_repeated() throws Exception {
        String body = "{\"status\":\"UP\u001b[2J\",\"reason\":\"" + "x".repeat(5000) + "\"}";

        assertThat(answered("HTTP/1.1 200 OK\r\n\r\n" + body)).isEqualTo("healthy: 200");
    }

    @Test
    void the_check_that_is_the_cause_is_named() throws Exception {
        String body = "{\"status\":\"DOWN\",\"checks\":{\"cache\":{\"status\":\"DOWN\",\"required\":false},"
                + "\"orders-db\":{\"status\":\"DOWN\",\"required\":true,\"reason\":\"unreachable\"}}}\n";

        assertThat(answered("HTTP/1.1 503 Service Unavailable\r\n\r\n" + body))
                .isEqualTo("unhealthy: 503 DOWN orders-db unreachable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "  ", " \u00a0", " No"})
    void no_line_ends_with_a_blank(String phrase) throws Exception {
        assertThat(answered("HTTP/1.1 503" + phrase + "\r\n\r\n{\"status\":\"\",\"reason\":\" \"}"))
                .isEqualTo("unhealthy: 503");
    }

    @Test
    void a_scheme_in_capitals_is_the_same_scheme() throws Exception {
        try (RawServer server = new RawServer(RawServer.answering("HTTP/1.1 200 OK\r\n\r\n"))) {
            assertThat(ProbeClient.probe("--timeout", "20s", url(server).replace("http", "HTTP")))
                    .isEqualTo("healthy: 200");
        }
    }

    /** Usual for services of Compose. */
    @Test
    void a_host_with_an_underscore_is_asked() throws Exception {
        BlockingQueue<String> requests = new LinkedBlockingQueue<>();
        try (RawServer server = new RawServer(socket -> {
            requests.add(RawServer.readHead(socket));
            RawServer.write(socket, "HTTP/1.1 200 OK\r\n\r\n");
        })) {
            String authority = "my_orders_1:" + server.port();
            Resolver resolver = name -> InetAddress.getAllByName(name.equals("my_orders_1") ? "127.0.0.1" : name);

            assertThat(ProbeClient.probe(resolver, "--timeout", "20s", "http://" + authority + "/"))
                    .isEqualTo("healthy: 200");
            assertThat(requests.remove()).contains("\r\nHost: " + authority + "\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.2\r\n\r\n",
                "HTTP/1.\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno end",
                "HTTP/1.1 2\r\n\r\n",
                "HTTP/2 200\r\n\r\n",
                "ICY/1.00 200 OK\r\n\r\n",
                "\r\n\r\n"
            })
    void what_is_not_http_is_unhealthy(String answer) throws Exception {
        assertThat(answered(answer)).isEqualTo("unhealthy: invalid");
    }

    @Test
    void no_more_is_read_than_a_kubelet_reads() throws Exception {
        try (RawServer server = new RawServer(socket -> {
            RawServer.readHead(socket);
            RawServer.write(socket, "HTTP/1.1 200 OK\r\n\r\n");
            while (true) {
                RawServer.write(socket, "x".repeat(1000));
            }
        })) {
            assertThat(ProbeClient.probe("--timeout", "20s", url(server))).isEqualTo("healthy: 200");
            assertThat(server.ends.poll(10, SECONDS)).as("it is hung up on").isNotNull();
        }
    }

    @Test
    void the_request_is_complete_and_asks_for_no_further_use_of_the_connection() throws Exception {
        BlockingQueue<String> requests = new LinkedBlockingQueue<>();
        try (RawServer server = new RawServer(socket -> {
            requests.add(RawServer.readHead(socket));
            RawServer.write(socket, "HTTP/1.1 200 OK\r\n\r\n");
        })) {
            String authority = "127.0.0.1:" + server.port();
            ProbeClient.probe("--timeout", "20s", "http://" + authority);
            ProbeClient.probe("--timeout", "20s", "http://" + authority + "/health/ready?of=ä#there");

            String rest = " HTTP/1.1\r\nHost: " + authority
                    + "\r\nUser-Agent: healthcheck\r\nAccept: application/json\r\nConnection: close\r\n\r\n";
            assertThat(requests).containsExactly("GET /" + rest, "GET /health/ready?of=%C3%A4" + rest);
        }
    }

    /** One of IPv4, written as IPv6: it is there on a machine without IPv6, too. */
    @Test
    void an_address_in_brackets_is_asked_as_well() throws Exception {
        BlockingQueue<String> requests = new LinkedBlockingQueue<>();
        try (RawServer server = new RawServer(socket -> {
            requests.add(RawServer.readHead(socket));
            RawServer.write(socket, "HTTP/1.1 200 OK\r\n\r\n");
        })) {
            String authority = "[::ffff:127.0.0.1]:" + server.port();

            assertThat(ProbeClient.probe("--timeout", "20s", "http://" + authority + "/"))
                    .isEqualTo("healthy: 200");
            assertThat(requests.remove()).contains("\r\nHost: " + authority + "\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost:8080/health",
                "ftp://localhost/",
                "http:///health",
                "http://:8080/health",
                "http:health",
                "http://localhost:0/",
                "http://my_orders:65536/",
                "http://my_orders:80:80/",
                "http://somebody:secret@my_orders/",
                "http://local host/",
                "http://localhost:65536/",
                "http://somebody:secret@localhost/",
                "http://somebody:sec ret@localhost/",
                "--timeout",
                "--timeout 1s",
                "--timeout 1 http://localhost/",
                "--timeout 0s http://localhost/",
                "--timeout -1s http://localhost/",
                "--timeout 1m http://localhost/",
                "--timeout s http://localhost/",
                "--timeout 601s http://localhost/",
                "--timeout 4294968s http://localhost/",
                "--unknown http://localhost/",
                "http://localhost/ http://localhost/",
                "http://localhost/ --trust-loopback"
            })
    void arguments_that_make_no_sense_are_answered_with_those_that_do(String arguments) throws Exception {
        String line = ProbeClient.probe(arguments.split(" (?!host|ret)"));

        assertThat(line)
                .startsWith("usage: java -jar healthcheck-core.jar [--timeout ")
                .doesNotContain("sec");
        assertThat(ProbeClient.exitCode(line)).isEqualTo(2);
    }

    @Test
    void nothing_at_all_is_no_sense_either() throws Exception {
        assertThat(ProbeClient.probe()).startsWith("usage: ");
    }

    @Test
    void without_options_there_is_one_request_that_may_take_two_seconds() throws Exception {
        ProbeArguments usual = ProbeArguments.parse(InetAddress::getAllByName, "http://localhost:8080/health");

        assertThat(usual.timeoutMillis()).isEqualTo(2000);
        assertThat(usual.waitMillis()).isZero();
        assertThat(usual.trustLoopback()).isFalse();
    }

    @Test
    void options_come_in_any_order() throws Exception {
        try (RawServer server = new RawServer(RawServer.answering("HTTP/1.1 200 OK\r\n\r\n"))) {
            assertThat(ProbeClient.probe("--trust-loopback", "--timeout", "10000ms", url(server)))
                    .isEqualTo("healthy: 200");
            assertThat(ProbeClient.probe("--timeout", "600s", "--trust-loopback", url(server)))
                    .isEqualTo("healthy: 200");
        }
    }

    @Test
    void as_a_program_it_needs_nothing_but_core_and_exits_with_its_verdict() throws Exception {
        try (RawServer up = new RawServer(RawServer.answering("HTTP/1.1 200 OK\r\n\r\n"));
                RawServer down = new RawServer(RawServer.answering("HTTP/1.1 503 No\r\n\r\n"))) {
            assertThat(program(List.of(), "--timeout", "30s", url(up))).isEqualTo("healthy: 200\n, exit 0");
            assertThat(program(List.of(), "--timeout", "30s", url(down))).isEqualTo("unhealthy: 503\n, exit 1");
            assertThat(program(List.of(), "--help")).matches("usage: .*\n, exit 2");
        }
    }

    @Test
    void as_a_program_it_goes_through_no_proxy() throws Exception {
        List<String> proxies = List.of("-DsocksProxyHost=127.0.0.1", "-DsocksProxyPort=1", "-DsocksNonProxyHosts=");
        try (RawServer server = new RawServer(RawServer.answering("HTTP/1.1 200 OK\r\n\r\n"))) {
            assertThat(program(proxies, "--timeout", "30s", url(server))).isEqualTo("healthy: 200\n, exit 0");
        }
    }

    /** The JDK takes names from a file if told to, and this one has none. */
    @Test
    void as_a_program_it_says_that_there_is_no_such_name(@TempDir Path directory) throws Exception {
        Path empty = Files.createFile(directory.resolve("hosts"));

        assertThat(program(namesFrom(empty), "--timeout", "30s", "http://shop.example/"))
                .isEqualTo("unhealthy: unknown-host\n, exit 1");
    }

    /** A pipe that nobody writes to keeps the JDK waiting. */
    @Test
    void as_a_program_it_ends_in_time_though_a_name_is_looked_up_for_ever(@TempDir Path directory) throws Exception {
        Path pipe = directory.resolve("hosts");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        assertThat(program(namesFrom(pipe), "--timeout", "300ms", "http://shop.example/"))
                .isEqualTo("unhealthy: timeout\n, exit 1");
    }

    private static List<String> namesFrom(Path file) {
        return List.of("-Djdk.net.hosts.file=" + file);
    }

    private static String answered(String answer) throws Exception {
        try (RawServer server = new RawServer(RawServer.answering(answer))) {
            return ProbeClient.probe("--timeout", "20s", url(server));
        }
    }

    private static String url(RawServer server) {
        return "http://127.0.0.1:" + server.port() + "/health/ready";
    }

    /** Returns the output and the exit code. */
    private static String program(List<String> options, String... arguments) throws Exception {
        Path core = Path.of(ProbeClient.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", core.toString(), ProbeClient.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            assertThat(process.waitFor(40, SECONDS)).as("it ends").isTrue();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return output.replace(System.lineSeparator(), "\n") + ", exit " + process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }
}
