package dev.healthcheck.http;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/** Probers that ask at an even pace, each for a new connection or always on the same one, and count what they lose. */
final class Kubelets {
    /** The number of probes that were answered, and of those that were not. */
    record Result(int answered, int lost) {
        Result plus(Result other) {
            return new Result(answered + other.answered, lost + other.lost);
        }

        @Override
        public String toString() {
            return answered + "/" + lost;
        }
    }

    /** The results of the prober with new connections, and of all that keep theirs. */
    record Results(Result anew, Result kept) {
        int lost() {
            return anew.lost + kept.lost;
        }

        @Override
        public String toString() {
            return anew + ", " + kept;
        }
    }

    private final int port;
    private final Duration patience;
    private final int probes;
    private final Duration pause;

    Kubelets(int port, Duration patience, int probes, Duration pause) {
        this.port = port;
        this.patience = patience;
        this.probes = probes;
        this.pause = pause;
    }

    /** Probes with one prober that connects anew, and {@code keepers} that keep their connection. */
    Results probe(int keepers) throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            Future<Result> anew = threads.submit(this::probeAnew);
            List<Future<Result>> kept = new ArrayList<>();
            for (int i = 0; i < keepers; i++) {
                kept.add(threads.submit(this::probeOnOneConnection));
            }
            Result sum = new Result(0, 0);
            for (Future<Result> one : kept) {
                sum = sum.plus(one.get());
            }
            return new Results(anew.get(), sum);
        } finally {
            threads.shutdownNow();
        }
    }

    private Result probeAnew() {
        int lost = 0;
        for (int i = 0; i < probes; i++) {
            try (RawClient client = new RawClient(port, patience)) {
                client.get("/readyz");
            } catch (IOException e) {
                lost++;
            }
            LockSupport.parkNanos(pause.toNanos()); // the pace of a prober
        }
        return new Result(probes - lost, lost);
    }

    private Result probeOnOneConnection() throws IOException {
        int lost = 0;
        RawClient client = null;
        for (int i = 0; i < probes; i++) {
            try {
                client = client == null ? new RawClient(port, patience) : client;
                client.get("/readyz");
            } catch (IOException e) {
                lost++;
                if (client != null) {
                    client.close();
                }
                client = null;
            }
            LockSupport.parkNanos(pause.toNanos());
        }
        if (client != null) {
            client.close();
        }
        return new Result(probes - lost, lost);
    }
}
