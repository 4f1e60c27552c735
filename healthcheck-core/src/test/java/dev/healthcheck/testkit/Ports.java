package dev.healthcheck.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers that come and go. They are none that the system hands to clients: one of these could take the port
 * while the server is away, and could even connect to itself.
 */
public final class Ports {
    private static final int LOWEST = 15_000;
    /** The bus of a Redis cluster is 10,000 above, and below what Linux hands out, too. */
    private static final int HIGHEST = 22_000;

    private Ports() {}

    /** Nobody listens there now. */
    public static int free() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            try (var socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return port;
            } catch (IOException e) {
                // taken
            }
        }
    }
}
