package dev.healthcheck.restarts;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** Gives out each port once, as runs beside one another bind them later. Not thread-safe. */
final class Ports {
    private final Set<Integer> given = new HashSet<>();

    /** Returns one below those that outgoing connections use, which could take it while an instance is stopped. */
    int next() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
            try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                if (given.add(socket.getLocalPort())) {
                    return port;
                }
            } catch (IOException e) {
                // taken: another one
            }
        }
    }
}
