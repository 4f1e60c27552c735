package dev.healthcheck.examples.fleet;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** An outage of the database under one policy. */
final class Trial implements AutoCloseable {
    /** HAProxy has started and probed each instance by then. */
    private static final Duration TO_SETTLE = Balancer.INTERVAL.multipliedBy(3);
    /** The time between liveness probes. */
    private static final Duration LIVENESS = Duration.ofSeconds(1);

    private final Policy policy;
    private final Settings settings;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Database database;
    private final List<Instance> instances = new ArrayList<>();
    private final Path directory;
    private final ScheduledExecutorService orchestrator;

    /**
     * Starts everything.
     *
     * @param work the directory for the logs
     * @param postgres the directory for the database
     */
    Trial(Path work, Path postgres, Policy policy, Settings settings) throws IOException, SQLException {
        this.policy = policy;
        this.settings = settings;
        directory = Files.createDirectories(work.resolve(policy.toString()));
        database = new Database(postgres.resolve("binaries"), postgres.resolve(policy.toString()));
        for (int i = 1; i <= settings.instances(); i++) {
            instances.add(new Instance(client, directory, "instance-" + i, database.jdbcUrl(), policy));
        }
        orchestrator = Executors.newScheduledThreadPool(1 + settings.restarted());
    }

    Result run() throws Exception {
        for (Instance instance : instances) {
            instance.await("/health/ready");
        }
        try (Balancer balancer = new Balancer(directory, instances)) {
            return run(balancer);
        }
    }

    private Result run(Balancer balancer) throws Exception {
        sleepUntil(System.nanoTime(), TO_SETTLE);
        Future<?> liveness =
                orchestrator.scheduleWithFixedDelay(this::probeLiveness, 0, LIVENESS.toMillis(), TimeUnit.MILLISECONDS);
        Load load = new Load(client, balancer.port());
        load.start(settings.rate());
        sleepUntil(System.nanoTime(), settings.before());

        long goesAway = System.nanoTime();
        database.stop();
        sleepUntil(goesAway, settings.restartAfter());
        List<Future<Void>> restarts = restartSome();
        sleepUntil(goesAway, settings.outage());
        database.start();
        long returned = System.nanoTime();

        sleepUntil(returned, settings.after());
        load.stop();
        for (Future<Void> restart : restarts) {
            restart.get();
        }
        if (liveness.isDone()) {
            liveness.get(); // throws
        }
        return result(load, Duration.ofNanos(returned - goesAway), returned);
    }

    @Override
    public void close() throws IOException {
        orchestrator.shutdownNow();
        for (Instance instance : instances) {
            instance.close();
        }
        database.close();
    }

    private List<Future<Void>> restartSome() {
        List<Future<Void>> restarts = new ArrayList<>();
        for (Instance instance : instances.subList(0, settings.restarted())) {
            Callable<Void> restart = () -> {
                instance.restart();
                return null;
            };
            restarts.add(orchestrator.submit(restart));
        }
        return restarts;
    }

    private void probeLiveness() {
        try {
            for (Instance instance : instances) {
                instance.restartIfNotAlive();
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("cannot restart", e);
        }
    }

    private Result result(Load load, Duration outage, long returned) {
        Duration restart = instances.stream()
                .map(Instance::lastRestart)
                .reduce(Duration.ZERO, (a, b) -> a.compareTo(b) < 0 ? b : a);
        return new Result(
                policy,
                settings,
                load.served(),
                load.degraded(),
                load.failed(),
                Duration.ofNanos(Math.max(0, load.lastNotServed() - returned)),
                outage,
                restart,
                instances.stream().mapToInt(Instance::restarts).sum(),
                load.slowest());
    }

    private static void sleepUntil(long begin, Duration after) throws InterruptedException {
        long left = begin + after.toNanos() - System.nanoTime();
        if (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
    }
}
