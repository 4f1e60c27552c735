package dev.healthcheck.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Clients that try to silence a server: so many connections, each opened anew when the server has closed it. */
final class Attackers implements AutoCloseable {
    /** What the clients do. */
    enum Attack {
        /** They send a part of a request. */
        HALF(1_000, "GET /health HTTP/1.1\r\nHost: x\r\n", ""),
        /** They send nothing. */
        SILENT(1_000, "", ""),
        /** They send a byte every now and then. */
        DRIP(300, "GET /health HTTP/1.1\r\nHost: x\r\n", "X"),
        /** They send request after request and read no answer. */
        NOREAD(500, "", "GET /health HTTP/1.1\r\nHost: x\r\n\r\n".repeat(200)),
        /** They send a header without end. */
        HUGE(200, "GET /health HTTP/1.1\r\nHost: x\r\nX: ", "y".repeat(100_000)),
        /** They announce a large body and send it slowly. */
        BODY(300, "POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n", "y".repeat(1_000)),
        /** They connect, ask and reset the connection, as fast as two threads can. */
        CHURN(2, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n", "");

        final int connections;
        private final String first;
        private final String again;

        Attack(int connections, String first, String again) {
            this.connections = connections;
            this.first = first;
            this.again = again;
        }

        /** Returns whether it takes no more than connections, so that no probe may be lost. */
        boolean isIdle() {
            return this == HALF || this == SILENT || this == DRIP || this == BODY;
        }
    }

    private static final int RECEIVE_BUFFER = 4 * 1024;
    private static final long ROUND = TimeUnit.MILLISECONDS.toNanos(20);

    private final Attack attack;
    private final ByteBuffer first;
    private final ByteBuffer again;
    private final InetSocketAddress target;
    private final CountDownLatch begun;
    private final Thread[] threads;
    private volatile boolean ended;

    private Attackers(Attack attack, int port) {
        this.attack = attack;
        first = ByteBuffer.wrap(attack.first.getBytes(ISO_8859_1));
        again = ByteBuffer.wrap(attack.again.getBytes(ISO_8859_1));
        target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        threads = new Thread[attack == Attack.CHURN ? attack.connections : 1];
        begun = new CountDownLatch(threads.length);
    }

    /** Begins an attack, and returns when all connections are open. */
    static Attackers begin(Attack attack, int port) throws InterruptedException {
        Attackers attackers = new Attackers(attack, port);
        Arrays.setAll(
                attackers.threads,
                i -> new Thread(attack == Attack.CHURN ? attackers::churn : attackers::hold, "attacker"));
        for (Thread thread : attackers.threads) {
            thread.setDaemon(true);
            thread.start();
        }
        attackers.begun.await();
        return attackers;
    }

    @Override
    public void close() {
        ended = true;
        for (Thread thread : threads) {
            await().until(() -> !thread.isAlive());
        }
    }

    private void churn() {
        while (!ended) {
            try (SocketChannel channel = SocketChannel.open(target)) {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
                channel.write(first.duplicate());
            } catch (IOException e) {
                // the server had no room
            }
            begun.countDown();
        }
    }

    private void hold() {
        SocketChannel[] channels = new SocketChannel[attack.connections];
        while (!ended) {
            for (int i = 0; i < channels.length && !ended; i++) {
                channels[i] = continued(channels[i]);
            }
            begun.countDown();
            LockSupport.parkNanos(ROUND);
        }
        for (SocketChannel channel : channels) {
            close(channel);
        }
    }

    private @Nullable SocketChannel continued(@Nullable SocketChannel channel) {
        SocketChannel current = channel;
        try {
            if (current == null) {
                current = SocketChannel.open();
                current.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
                current.connect(target);
                current.configureBlocking(false);
                current.write(first.duplicate());
            }
            current.write(again.duplicate());
            return attack != Attack.NOREAD && current.read(ByteBuffer.allocate(RECEIVE_BUFFER)) < 0
                    ? close(current)
                    : current;
        } catch (IOException e) { // the server has closed it
            return close(current);
        }
    }

    private static @Nullable SocketChannel close(@Nullable SocketChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // it is gone
        }
        return null;
    }
}
