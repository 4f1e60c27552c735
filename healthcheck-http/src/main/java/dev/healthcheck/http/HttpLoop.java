package dev.healthcheck.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves all connections of a port on one thread. In each turn a connection gets one step: one read, one request, one
 * write. When there are too many connections, the least useful one makes room for a new one.
 *
 * <p>Invariant: only the thread that runs the loop touches connections and selector, except for {@link #stop} and the
 * completion of answers, which only enqueue and wake it. It holds no lock, and nothing that a connection or a handler
 * throws ends it.
 */
final class HttpLoop implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(HealthServer.class);

    private static final int MOST = 512;
    /** Few enough that a new connection gets a turn before so many newer ones could take its place. */
    private static final int ACCEPTED_PER_TURN = 64;

    private static final int SEND_BUFFER = 64 * 1024;
    private static final long TICK_MILLIS = 500;
    private static final long STOPPING_TICK_MILLIS = 20;
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long STOPS_WITHIN = TimeUnit.SECONDS.toNanos(1);
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    /** The least useful connection comes first. */
    private static final Comparator<HttpConnection> USE = Comparator.comparing(HttpConnection::isUsed)
            .thenComparing(HttpConnection::useful, (one, other) -> Long.signum(one - other));

    private final Selector selector;
    private final ServerSocketChannel listener;
    private final SelectionKey accepts;
    private final RequestHandler handler;
    private final LoopBuffers buffers = new LoopBuffers();
    /** The oldest first: of equally useful connections it is closed first. */
    private final Set<HttpConnection> connections = new LinkedHashSet<>();

    /** Connections with a further request, in the order of their turns. */
    private final Queue<HttpConnection> turns = new ArrayDeque<>();
    /** Connections whose answer is there. Any thread adds to it. */
    private final Queue<HttpConnection> answered = new ConcurrentLinkedQueue<>();

    private volatile boolean stopping;
    private long stopsBy;
    /** Attempts in succession that failed to accept a connection. */
    private int refused;

    private long nextTick = System.nanoTime();
    private long lastSaid = System.nanoTime() - MINUTE;

    /** Creates a loop for a port that is bound. */
    HttpLoop(ServerSocketChannel listener, RequestHandler handler) throws IOException {
        this.listener = listener;
        this.handler = handler;
        LoopBuffers.prepare();
        selector = Selector.open();
        try {
            listener.configureBlocking(false);
            accepts = listener.register(selector, SelectionKey.OP_ACCEPT);
        } catch (Throwable t) {
            selector.close();
            throw t;
        }
    }

    /** Serves until {@link #stop} is called. */
    @Override
    public void run() {
        try {
            while (!hasStopped()) {
                try {
                    turn();
                } catch (Throwable t) { // no memory, for instance; the next turn may fare better
                    say("The port of health probes had a problem and goes on", t);
                    LockSupport.parkNanos(PAUSE); // if it does not, it must not use up the processor
                }
            }
        } finally {
            discard();
        }
    }

    /** Lets the loop end: at once, or within a second if requests are being answered. Any thread may call it. */
    void stop() {
        stopping = true;
        selector.wakeup();
    }

    /** Releases the port and all connections. For the thread of the loop, or before there is one. */
    void discard() {
        List.copyOf(connections).forEach(this::close);
        quietly(listener::close);
        quietly(selector::close); // after the connections, whose sockets it still holds until then
    }

    private boolean hasStopped() {
        return stopping && stopsBy != 0 && (connections.isEmpty() || System.nanoTime() - stopsBy >= 0);
    }

    private void turn() throws IOException {
        select();
        long now = System.nanoTime();
        if (stopping && stopsBy == 0) {
            beginStop(now);
        }
        goOnWithAnswers(now);
        for (SelectionKey key : selector.selectedKeys()) {
            serve(key, now);
        }
        selector.selectedKeys().clear();
        giveTurns(now);
        if (now - nextTick >= 0) {
            nextTick = now + TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS);
            tick(now);
        }
    }

    private void select() throws IOException {
        if (!turns.isEmpty()) {
            selector.selectNow();
        } else if (stopping) {
            selector.select(STOPPING_TICK_MILLIS);
        } else if (connections.isEmpty() && accepts.interestOps() != 0) {
            selector.select();
        } else {
            selector.select(TICK_MILLIS);
        }
    }

    private void beginStop(long now) {
        stopsBy = now + STOPS_WITHIN;
        quietly(listener::close);
        for (HttpConnection connection : List.copyOf(connections)) {
            if (connection.isReading()) {
                close(connection);
            }
        }
    }

    private void goOnWithAnswers(long now) {
        HttpConnection connection;
        while ((connection = answered.poll()) != null) {
            step(connection, HttpConnection::onAnswer, now);
        }
    }

    private void serve(SelectionKey key, long now) {
        if (!key.isValid()) {
            return;
        }
        if (key == accepts) {
            accept(now);
        } else if (key.attachment() instanceof HttpConnection connection) {
            step(connection, key.isWritable() ? HttpConnection::onWritable : HttpConnection::onReadable, now);
        }
    }

    private void giveTurns(long now) {
        for (int left = turns.size(); left > 0; left--) {
            step(turns.remove(), HttpConnection::onTurn, now);
        }
    }

    private void tick(long now) {
        if (accepts.isValid()) {
            accepts.interestOps(SelectionKey.OP_ACCEPT);
        }
        for (HttpConnection connection : List.copyOf(connections)) {
            step(connection, HttpConnection::onTime, now);
        }
    }

    /** One step of a connection. Returns what it waits for next; null if that has not changed. */
    private interface Action {
        HttpConnection.@Nullable Next on(HttpConnection connection, long now) throws IOException;
    }

    private void step(HttpConnection connection, Action action, long now) {
        if (!connections.contains(connection)) {
            return;
        }
        try {
            HttpConnection.Next next = action.on(connection, now);
            if (next != null) {
                await(connection, stopping && connection.isReading() ? HttpConnection.Next.CLOSE : next);
            }
        } catch (IOException e) { // the client is gone
            close(connection);
        } catch (Throwable t) {
            close(connection);
            say("A request to the port of health probes failed, and its connection was closed", t);
        }
    }

    private void await(HttpConnection connection, HttpConnection.Next next) {
        SelectionKey key = connection.channel().keyFor(selector);
        switch (next) {
            case READ -> key.interestOps(SelectionKey.OP_READ);
            case WRITE -> key.interestOps(SelectionKey.OP_WRITE);
            case TURN -> {
                key.interestOps(0);
                turns.add(connection);
            }
            case ANSWER -> {
                key.interestOps(0);
                var unused = connection.answer().whenComplete((response, thrown) -> {
                    answered.add(connection);
                    selector.wakeup();
                });
            }
            case CLOSE -> close(connection);
        }
    }

    private void accept(long now) {
        try {
            for (int i = 0; i < ACCEPTED_PER_TURN; i++) {
                SocketChannel channel = listener.accept();
                if (channel == null) {
                    return;
                }
                refused = 0;
                admit(channel, now);
            }
        } catch (IOException e) {
            pauseIfRepeated(e);
        }
    }

    /**
     * A client that is gone already fails one attempt. If the process has too many open files, all attempts fail, while the
     * system reports at once that the connection is still there.
     */
    private void pauseIfRepeated(IOException e) {
        refused++;
        if (refused > 1) {
            accepts.interestOps(0);
            say("The port of health probes cannot accept connections, and tries again in half a second", e);
        }
    }

    private void admit(SocketChannel channel, long now) {
        if (connections.size() >= MOST) {
            connections.stream().min(USE).ifPresent(this::close);
        }
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER);
            var client = ((InetSocketAddress) channel.getRemoteAddress()).getAddress();
            var connection = new HttpConnection(channel, client, handler, buffers, now);
            channel.register(selector, SelectionKey.OP_READ, connection);
            connections.add(connection);
        } catch (Throwable t) { // the client is gone, or there is no memory
            quietly(channel::close);
        }
    }

    private void close(HttpConnection connection) {
        connections.remove(connection);
        quietly(connection::close);
    }

    private void say(String what, Throwable thrown) {
        long now = System.nanoTime();
        try {
            if (now - lastSaid >= MINUTE) {
                lastSaid = now;
                LOG.warn("{}. Further ones within a minute are logged at DEBUG.", what, thrown);
            } else {
                LOG.debug("{}", what, thrown);
            }
        } catch (Throwable t) {
            // a log that fails must not end the loop
        }
    }

    private interface Closing {
        void close() throws IOException;
    }

    private static void quietly(Closing closing) {
        try {
            closing.close();
        } catch (IOException e) {
            LOG.debug("a close failed", e);
        }
    }
}
