package dev.healthcheck.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A load balancer with one instance. It withdraws the instance after two failed probes; until then its users send requests
 * without a pause, each by a connection of its own.
 */
final class Balancer implements AutoCloseable {
    static final Duration INTERVAL = Duration.ofMillis(100);
    private static final int FALL = 2;
    private static final int USERS = 4;
    private static final int PATIENCE = 10_000;

    private final URI probe;
    private final URI request;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Future<?>> users = new ArrayList<>();
    private volatile boolean isWithdrawn; // written by one thread
    private volatile boolean isClosed;

    final AtomicInteger served = new AtomicInteger();
    final AtomicInteger failed = new AtomicInteger();
    final AtomicInteger probes = new AtomicInteger();

    Balancer(URI probe, URI request) {
        this.probe = probe;
        this.request = request;
    }

    /** Begins, and returns when the instance serves and has been probed for longer than a second. */
    void start() {
        threads.execute(this::probe);
        for (int i = 0; i < USERS; i++) {
            users.add(threads.submit(this::use));
        }
        await().untilAsserted(() -> assertThat(probes).hasValueGreaterThan(12));
        await().untilAsserted(() -> assertThat(served).hasPositiveValue());
        assertThat(isWithdrawn).isFalse();
        assertThat(failed).hasValue(0);
    }

    /** Waits until the instance is withdrawn, and all requests have ended. */
    void awaitWithdrawn() throws Exception {
        for (Future<?> user : users) {
            user.get();
        }
    }

    private void probe() {
        int failures = 0;
        while (!isClosed) {
            failures = status(probe) == 200 ? 0 : failures + 1;
            isWithdrawn |= failures == FALL;
            probes.incrementAndGet();
            await().pollDelay(INTERVAL).until(() -> true);
        }
    }

    private void use() {
        while (!isWithdrawn) {
            (status(request) == 200 ? served : failed).incrementAndGet();
        }
    }

    /** Returns the status of an answer; 0 if there is none. */
    static int status(URI uri) {
        try {
            HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
            connection.setRequestProperty("Connection", "close");
            connection.setConnectTimeout(PATIENCE);
            connection.setReadTimeout(PATIENCE);
            return connection.getResponseCode();
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        isClosed = true;
        threads.shutdown();
    }
}
