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
    private long slowest;

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

    /** Returns the longest time in which a request was served. */
    synchronized Duration slowest() {
        return Duration.ofNanos(slowest);
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

    /**
     * Half of the requests are orders: the fraction of their number times the golden ratio is below one half. So each
     * instance gets half of each kind, however many instances there are.
     */
    private synchronized HttpRequest next() {
        return sent++ * 0x9E3779B97F4A7C15L >= 0 ? order : price;
    }

    private synchronized void count(@Nullable HttpResponse<?> response, long at) {
        if (response == null || response.statusCode() != 200) {
            failed++;
        } else if (response.headers().firstValue(ShopServlet.DEGRADED).isPresent()) {
            degraded++;
        } else {
            served++;
            slowest = Math.max(slowest, System.nanoTime() - at);
            return;
        }
        if (at - lastNotServed > 0) {
            lastNotServed = at;
        }
    }
}
