package dev.healthcheck.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers that come and go. They are none that the system hands to clients: one of these could take the port
 * while the server is away, and could even connect to itself.
 *
 * <p>A port belongs to the JVM that got it until that JVM ends. Otherwise tests in another JVM could take it while the
 * server is away, and this test would talk to their server.
 */
public final class Ports {
    private static final int LOWEST = 15_000;
    /** The bus of a Redis cluster is 10,000 above, and below what Linux hands out, too. */
    private static final int HIGHEST = 22_000;

    /** The byte at the offset of a port is locked by the JVM that has the port. */
    private static final FileChannel OWNERS = open();

    private Ports() {}

    /** Returns a port on which nobody listens, and which no other caller gets. */
    public static int free() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (reserve(port) && isFree(port)) {
                return port;
            }
        }
    }

    /** Returns false if somebody has the port already, in this JVM or in another one. */
    @SuppressWarnings("resource") // the end of the JVM releases it
    static boolean reserve(int port) {
        try {
            return OWNERS.tryLock(port, 1, false) != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static FileChannel open() {
        Path file = Path.of(
                System.getProperty("java.io.tmpdir"), "healthcheck-test-ports-" + System.getProperty("user.name"));
        try {
            return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
