package dev.healthcheck.jdbc;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A PostgreSQL and a MariaDB. What is done is done to both at the same time. */
final class PoolServers implements AutoCloseable {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<FaultyServer> servers;

    PoolServers() throws Exception {
        servers = together(List.of(FaultyPostgres::new, FaultyMariaDb::new));
    }

    @FunctionalInterface
    interface Trial<T> {
        List<T> on(FaultyServer server) throws Exception;
    }

    <T> List<T> each(Trial<T> trial) throws Exception {
        List<Callable<List<T>>> trials = new ArrayList<>();
        for (FaultyServer server : servers) {
            trials.add(() -> trial.on(server));
        }
        List<T> results = new ArrayList<>();
        together(trials).forEach(results::addAll);
        return results;
    }

    private <T> List<T> together(List<Callable<T>> tasks) throws Exception {
        List<T> results = new ArrayList<>();
        for (Future<T> future : threads.invokeAll(tasks)) {
            results.add(future.get());
        }
        return results;
    }

    @Override
    public void close() throws IOException {
        threads.shutdown();
        for (FaultyServer server : servers) {
            server.close();
        }
    }
}
