package dev.healthcheck.restarts;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Clients that send requests all the time, each in a thread of its own. */
final class Load {
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean over;

    Load(int port, Scenario scenario, Tally tally) {
        for (int i = 0; i < scenario.clients(); i++) {
            var thread =
                    new Thread(() -> run(new Client(port, scenario.method(), scenario.length()), tally), "client-" + i);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
    }

    private void run(Client client, Tally tally) {
        try (client) {
            while (!over) {
                send(client, tally);
                Thread.sleep(PAUSE.toMillis());
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void send(Client client, Tally tally) {
        long begin = System.nanoTime();
        try {
            int status = client.send();
            tally.answered(status, Duration.ofNanos(System.nanoTime() - begin));
        } catch (IOException e) {
            tally.broke(e, Duration.ofNanos(System.nanoTime() - begin));
        }
    }

    /** Returns when each client has finished its request. */
    void finish() throws InterruptedException {
        over = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
