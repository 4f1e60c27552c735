package dev.healthcheck.restarts;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** HAProxy, which says what it knows of each instance. */
final class HaProxy implements Balancer {
    /** The names of the instances in the configuration of the documents. */
    private static final List<String> SERVERS = List.of("a", "b");

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** The column of {@code show stat} that tells what HAProxy knows of a server. */
    private static final int STATUS = 17;

    private final Path socket;
    private final Process process;

    HaProxy(Process process, Path socket) {
        this.process = process;
        this.socket = socket;
    }

    @Override
    public void awaitUp(int which) throws InterruptedException {
        awaitStatus(SERVERS.get(which), "UP");
    }

    @Override
    public void awaitDown(int which) throws InterruptedException {
        awaitStatus(SERVERS.get(which), "DOWN");
    }

    private void awaitStatus(String server, String expected) throws InterruptedException {
        long begin = System.nanoTime();
        String status = "";
        while (process.isAlive() && System.nanoTime() - begin < PATIENCE.toNanos()) {
            status = status(server);
            if (status.equals(expected)) {
                return;
            }
            Thread.sleep(50);
        }
        throw new IllegalStateException(
                server + " is " + status + " after 120 s or the end of HAProxy (expected: " + expected + ")");
    }

    /** Returns what HAProxy says: {@code UP}, {@code UP 1/2} while it counts failures, {@code DOWN}, or nothing before it answers. */
    private String status(String server) {
        try {
            return ask("show stat\n")
                    .lines()
                    .filter(line -> line.startsWith("orders," + server + ","))
                    .map(line -> line.split(",", -1)[STATUS])
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    private String ask(String command) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(ByteBuffer.wrap(command.getBytes(UTF_8)));
            var answer = new ByteArrayOutputStream();
            var buffer = ByteBuffer.allocate(8192);
            while (channel.read(buffer) >= 0) {
                answer.write(buffer.array(), 0, buffer.position());
                buffer.clear();
            }
            return answer.toString(UTF_8);
        }
    }
}
