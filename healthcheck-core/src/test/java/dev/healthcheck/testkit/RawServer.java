package dev.healthcheck.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ServerSocketFactory;

/** A server that does with each connection what a test says, well-behaved or not. */
public final class RawServer implements AutoCloseable {
    /** The end of each conversation: {@code complete}, or the failure that ended it. */
    public final BlockingQueue<String> ends = new LinkedBlockingQueue<>();

    private final ServerSocket listener;
    private final Conversation conversation;
    private final Thread acceptor = new Thread(this::accept, "acceptor");
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    public RawServer(Conversation conversation) throws IOException {
        this(ServerSocketFactory.getDefault(), conversation);
    }

    public RawServer(ServerSocketFactory factory, Conversation conversation) throws IOException {
        this(factory.createServerSocket(0, 50, InetAddress.getLoopbackAddress()), conversation);
    }

    public RawServer(ServerSocket listener, Conversation conversation) {
        this.listener = listener;
        this.conversation = conversation;
        acceptor.start();
    }

    /** Answers each request with these bytes. */
    public static Conversation answering(String answer) {
        return socket -> {
            readHead(socket);
            write(socket, answer);
        };
    }

    /** The lines up to the empty one. */
    public static String readHead(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no complete request");
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    public static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** Says nothing until the peer hangs up. */
    public static void listen(Socket socket) throws IOException {
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    /** One byte at a time, again and again, until the peer hangs up or five seconds are over. */
    public static void drip(Socket socket, String bytes) throws IOException {
        for (int i = 0; i < 250; i++) {
            write(socket, bytes.substring(i % bytes.length(), i % bytes.length() + 1));
            Faults.takeTime(Duration.ofMillis(20));
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                threads.execute(() -> talk(socket));
            } catch (IOException e) {
                // closed, or a client that is gone already
            }
        }
    }

    private void talk(Socket socket) {
        try (socket) {
            conversation.with(socket);
            ends.add("complete");
        } catch (IOException e) {
            ends.add(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
        }
    }

    /** From its return on, nobody is accepted any more. */
    @Override
    public void close() throws IOException {
        listener.close();
        try {
            acceptor.join();
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
        for (Socket socket : open) {
            socket.close();
        }
        threads.shutdownNow();
    }

    public interface Conversation {
        void with(Socket socket) throws IOException, InterruptedException;
    }
}
