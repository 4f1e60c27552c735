package dev.healthcheck.testkit;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** A network that can be broken: forwards between its own port and a server's, both on the loopback interface. */
public final class TcpProxy implements AutoCloseable {
    private final int target;
    private final int port;
    private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();
    /** Held by whoever is inside accept: the kernel listens on for as long as that lasts, also behind a closed socket. */
    private final Object accepting = new Object();

    private volatile long delayNanos;

    // guarded by this
    private ServerSocket listener;
    private Gate gate = Gate.open();
    private boolean resetting;
    private boolean closed;

    private TcpProxy(int target) throws IOException {
        this.target = target;
        this.port = Ports.free();
        listen();
    }

    public static TcpProxy to(int target) throws IOException {
        return new TcpProxy(target);
    }

    public int port() {
        return port;
    }

    /** Returns the number of open connections. */
    public int connections() {
        return pairs.size();
    }

    /** Becomes a black hole: connections stay, new ones are accepted by the kernel, and not a byte arrives anywhere. */
    public synchronized void freeze() {
        freezeOpen();
        if (gate.isOpen()) {
            gate = Gate.shut();
        }
    }

    /** A black hole for the connections there are; new ones are served. */
    public synchronized void freezeOpen() {
        pairs.stream().filter(pair -> pair.gate.isOpen()).forEach(pair -> pair.gate = Gate.shut());
    }

    /** Takes so long for each piece of data, in either direction. */
    public void delay(Duration delay) {
        delayNanos = delay.toNanos();
    }

    /** Ends all connections with a reset, and so every new one. */
    public synchronized void reset() {
        resetting = true;
        resetOpen();
    }

    /** Ends the connections there are with a reset; new ones are served. */
    public synchronized void resetOpen() {
        pairs.forEach(Pair::reset);
    }

    /** Ends all connections with a reset, and listens no more. */
    public synchronized void refuse() throws IOException {
        listener.close();
        synchronized (accepting) {
            reset();
        }
    }

    /** Forwards again, first what was held back. */
    public synchronized void heal() throws IOException {
        resetting = false;
        gate.lift();
        pairs.forEach(pair -> pair.gate.lift());
        if (listener.isClosed() && !closed) {
            listen();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        refuse();
        gate.lift();
    }

    private void listen() throws IOException {
        var socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
        listener = socket;
        daemon("proxy-accept", () -> serve(socket));
    }

    private void serve(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                gate().await();
                serve(accept(socket));
            } catch (IOException e) {
                // closed, or a client that left while it was being served
            }
        }
    }

    private Socket accept(ServerSocket socket) throws IOException {
        synchronized (accepting) {
            return socket.accept();
        }
    }

    private void serve(Socket client) throws IOException {
        gate().await();
        Pair pair;
        boolean refused;
        synchronized (this) {
            pair = new Pair(client, gate);
            refused = resetting;
            pairs.add(pair);
        }
        if (refused) {
            pair.reset();
        } else {
            pair.start();
        }
    }

    private synchronized Gate gate() {
        return gate;
    }

    private static void daemon(String name, Runnable task) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** A client's connection, and ours to the server for it. */
    private final class Pair {
        private final Socket client;
        private final Socket server = new Socket();
        private volatile Gate gate;

        Pair(Socket client, Gate gate) {
            this.client = client;
            this.gate = gate;
        }

        void start() throws IOException {
            try {
                server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
                daemon("proxy-to-server", () -> pump(client, server));
                daemon("proxy-to-client", () -> pump(server, client));
            } catch (IOException e) {
                reset();
                throw e;
            }
        }

        private void pump(Socket from, Socket to) {
            try {
                var buffer = new byte[16 * 1024];
                InputStream in = from.getInputStream();
                for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                    gate.await();
                    LockSupport.parkNanos(delayNanos);
                    to.getOutputStream().write(buffer, 0, length);
                }
                gate.await();
                to.shutdownOutput();
                if (from.isOutputShutdown()) {
                    end();
                }
            } catch (IOException e) {
                end();
            }
        }

        /** A close that lingers for no time at all is a reset. */
        void reset() {
            try {
                client.setSoLinger(true, 0);
            } catch (IOException e) {
                // it is closed already
            }
            end();
        }

        private void end() {
            pairs.remove(this);
            for (Socket socket : new Socket[] {client, server}) {
                try {
                    socket.close();
                } catch (IOException e) {
                    // nobody is interested in it any more
                }
            }
            gate.lift(); // only now, or what was held back would still arrive
        }
    }

    /** Held back by it are all who come while it is shut. */
    private static final class Gate {
        private final CountDownLatch latch;

        private Gate(int count) {
            latch = new CountDownLatch(count);
        }

        static Gate open() {
            return new Gate(0);
        }

        static Gate shut() {
            return new Gate(1);
        }

        boolean isOpen() {
            return latch.getCount() == 0;
        }

        void lift() {
            latch.countDown();
        }

        void await() throws IOException {
            try {
                if (!latch.await(600, SECONDS)) {
                    throw new IOException("never healed");
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }
}
