package dev.healthcheck.examples.fleet;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests at a steady rate, however long the answers take, and counts what comes back. It tries no request again.
 * Thread-safe.
 */
final class Load {
    private final HttpClient client;
    private final HttpRequest order;
    private final HttpRequest price;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final Phaser pending = new Phaser(1);

    // guarded by this
    private long sent;
    private long served;
    private long degraded;
    private long failed;
    private long lastNotServed;

    Load(HttpClient client, int port) {
        this.client = client;
        lastNotServed = System.nanoTime();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/"))
                .timeout(Duration.ofSeconds(5));
        order = request.POST(HttpRequest.BodyPublishers.noBody()).build();
        price = request.GET().build();
    }

    void start(int perSecond) {
        var unused =
                clock.scheduleAtFixedRate(this::send, 0, TimeUnit.SECONDS.toNanos(1) / perSecond, TimeUnit.NANOSECONDS);
    }

    /** Sends no more requests, and returns when all are answered. */
    void stop() throws InterruptedException {
        clock.shutdown();
        clock.awaitTermination(1, TimeUnit.MINUTES);
        pending.arriveAndAwaitAdvance();
    }

    synchronized long served() {
        return served;
    }

    synchronized long degraded() {
        return degraded;
    }

    synchronized long failed() {
        return failed;
    }

    /** Returns when the last request that was not served was sent, in terms of {@link System#nanoTime}. */
    synchronized long lastNotServed() {
        return lastNotServed;
    }

    private void send() {
        pending.register();
        long at = System.nanoTime();
        var unused = client.sendAsync(next(), BodyHandlers.discarding()).handle((response, failure) -> {
            count(response, at);
            pending.arriveAndDeregister();
            return null;
        });
    }

    /** Half of them are orders, in a sequence that has no period: no number of instances divides it. */
    private synchronized HttpRequest next() {
        return Long.bitCount(sent++) % 2 == 0 ? order : price;
    }

    private synchronized void count(@Nullable HttpResponse<?> response, long at) {
        if (response == null || response.statusCode() != 200) {
            failed++;
        } else if (response.headers().firstValue(ShopServlet.DEGRADED).isPresent()) {
            degraded++;
        } else {
            served++;
            return;
        }
        if (at - lastNotServed > 0) {
            lastNotServed = at;
        }
    }
}
