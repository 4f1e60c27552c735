package dev.healthcheck.examples.quickstart;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plays the orchestrator: asks for readiness once a second with the patience of a kubelet, and says when the answer
 * changes.
 */
final class Prober implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Prober.class);
    private static final Pattern TROUBLE = Pattern.compile(
            "\"([^\"]+)\":\\{\"status\":\"(DOWN|DEGRADED)\",\"required\":\\w+(?:,\"reason\":\"([^\"]+)\")?");
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final HttpClient client = HttpClient.newHttpClient();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        var daemon = new Thread(task, "prober");
        daemon.setDaemon(true);
        return daemon;
    });
    private String last = "";

    @SuppressWarnings("FutureReturnValueIgnored") // the task throws nothing
    void start(int port) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/ready"))
                .timeout(PATIENCE)
                .build();
        thread.scheduleWithFixedDelay(() -> probe(request), 1, 1, TimeUnit.SECONDS);
    }

    private void probe(HttpRequest request) {
        long begin = System.nanoTime();
        String answer = ask(request);
        if (!answer.equals(last)) {
            LOG.info("probe: {}, after {}", answer, inWords(System.nanoTime() - begin));
            last = answer;
        }
    }

    private static String inWords(long nanos) {
        return nanos < 999_500_000
                ? Math.round(nanos / 1e6) + " ms"
                : String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }

    private String ask(HttpRequest request) {
        try {
            var response = client.send(request, HttpResponse.BodyHandlers.ofString());
            return response.statusCode()
                    + (response.statusCode() == 200 ? ", gets traffic" : ", gets no traffic")
                    + troubles(response.body());
        } catch (InterruptedException e) {
            return last; // nobody asks any more
        } catch (IOException e) {
            return "no answer: " + e;
        }
    }

    /** Returns which checks are not UP, and why. */
    private static String troubles(String body) {
        return TROUBLE.matcher(body)
                .results()
                .map(found -> "; " + found.group(1) + " " + found.group(2)
                        + (found.group(3) == null ? "" : " " + found.group(3)))
                .collect(Collectors.joining());
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
