package dev.healthcheck.restarts;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * A balancer that is not asked what it knows of an instance. Once the instance itself is ready, the balancer needs some
 * time to notice.
 */
final class UnaskedBalancer implements Balancer {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final List<Integer> ports;
    private final Duration notices;

    /** @param notices the time for which the documents wait after the first 200 */
    UnaskedBalancer(List<Integer> ports, Duration notices) {
        this.ports = ports;
        this.notices = notices;
    }

    @Override
    public void awaitDown(int which) {
        // the instance has ended, and its port is closed
    }

    @Override
    public void awaitUp(int which) throws InterruptedException {
        long begin = System.nanoTime();
        while (!isReady(ports.get(which))) {
            if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                throw new IllegalStateException("instance " + which + " is not ready after 120 s");
            }
            Thread.sleep(50);
        }
        Thread.sleep(notices.toMillis());
    }

    private static boolean isReady(int port) {
        try {
            var connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + port + "/health/ready")
                    .toURL()
                    .openConnection();
            connection.setReadTimeout(1000);
            return connection.getResponseCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }
}
