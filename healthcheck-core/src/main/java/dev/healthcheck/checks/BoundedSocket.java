package dev.healthcheck.checks;

import dev.healthcheck.Deadline;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** A socket whose reads end at one deadline, also if the peer sends one byte at a time. */
final class BoundedSocket extends Socket {
    private final Deadline deadline;

    BoundedSocket(Deadline deadline) {
        super(Proxy.NO_PROXY); // a socket goes through the SOCKS proxy of the JVM unless told not to
        this.deadline = deadline;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(super.getInputStream()) {
            @Override
            public int read() throws IOException {
                setSoTimeout(millis(deadline.remaining()));
                return super.read();
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                setSoTimeout(millis(deadline.remaining()));
                return super.read(bytes, offset, length);
            }
        };
    }

    /** Returns the time as sockets want it: to them zero means no limit. */
    static int millis(Duration time) throws SocketTimeoutException {
        if (time.isZero()) {
            throw new SocketTimeoutException("no time left");
        }
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, time.toMillis()));
    }
}
