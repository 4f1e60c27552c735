package dev.healthcheck.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.RedisURI;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Speaks enough of the protocol to let a client in, and answers each PING and INFO as it is told. */
final class ScriptedServer implements AutoCloseable {
    private static final String HELLO =
            "%5\r\n+server\r\n+redis\r\n+version\r\n+7.0.0\r\n+proto\r\n:3\r\n+id\r\n:1\r\n+role\r\n+master\r\n";

    private final ServerSocket listener;
    private final String pong;
    private final String info;
    private final Queue<String> received = new ConcurrentLinkedQueue<>();

    /** @param pong as in "+PONG" or "-LOADING not yet" */
    ScriptedServer(String pong) throws IOException {
        this(pong, "-ERR unknown command");
    }

    /** @param info likewise; empty if it is not to be answered */
    ScriptedServer(String pong, String info) throws IOException {
        this.pong = pong + "\r\n";
        this.info = info.isEmpty() ? "" : info + "\r\n";
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        inBackground(this::accept);
    }

    RedisURI uri() {
        return RedisURI.create(listener.getInetAddress().getHostAddress(), listener.getLocalPort());
    }

    /** The names of the commands so far. */
    List<String> received() {
        return List.copyOf(received);
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void accept() throws IOException {
        while (true) {
            Socket socket = listener.accept();
            inBackground(() -> serve(socket));
        }
    }

    private void serve(Socket socket) throws IOException {
        try (socket) {
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
            OutputStream out = socket.getOutputStream();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                out.write(answer(command(in, line)).getBytes(US_ASCII));
            }
        }
    }

    /** The name of a command that begins with its number of parts, each of which is two lines. */
    private static String command(BufferedReader in, String parts) throws IOException {
        in.readLine();
        String name = in.readLine();
        for (int i = 1; i < Integer.parseInt(parts.substring(1)); i++) {
            in.readLine();
            in.readLine();
        }
        return name;
    }

    private String answer(String command) {
        received.add(command);
        return switch (command) {
            case "HELLO" -> HELLO;
            case "PING" -> pong;
            case "INFO" -> info;
            default -> "-ERR unknown command\r\n";
        };
    }

    private static void inBackground(Task task) {
        var thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException e) {
                // somebody has hung up
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private interface Task {
        void run() throws IOException;
    }
}
