package dev.healthcheck.jdbc;

import dev.healthcheck.HealthCheckRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Pools of every kind before one server, each with a check and once more without, and the registry of their checks. */
final class PoolSubjects implements AutoCloseable {
    static final int SIZE = 4;
    /** For the names of users, which are used once. */
    private static final AtomicInteger USERS = new AtomicInteger();

    final FaultyServer server;
    final HealthCheckRegistry registry = HealthCheckRegistry.create();
    final List<PoolSubject> all = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "pool-subjects");
        thread.setDaemon(true);
        return thread;
    });

    private PoolSubjects(FaultyServer server) {
        this.server = server;
    }

    /**
     * Which pools take part.
     *
     * @param intervals of probers: one more pool with a check for each
     * @param settings changes those of a pool of {@link #SIZE} connections, which are all open from the start
     * @param locks whether each check has a query that locks a row of its own
     * @param patience with a pool that does not come back after a fault
     */
    record Plan(
            List<PoolKind> kinds,
            List<Duration> intervals,
            UnaryOperator<PoolKind.Settings> settings,
            boolean locks,
            Duration patience) {
        static Plan of(List<PoolKind> kinds, List<Duration> intervals) {
            return new Plan(kinds, intervals, UnaryOperator.identity(), false, Duration.ofSeconds(12));
        }

        Plan with(UnaryOperator<PoolKind.Settings> other) {
            return new Plan(kinds, intervals, other, locks, patience);
        }

        Plan thatLock() {
            return new Plan(kinds, intervals, settings, true, patience);
        }

        Plan impatient() {
            return new Plan(kinds, intervals, settings, locks, Duration.ofSeconds(3));
        }
    }

    static PoolSubjects open(FaultyServer server, Plan plan) throws Exception {
        PoolSubjects subjects = new PoolSubjects(server);
        try {
            subjects.open(plan);
            return subjects;
        } catch (Exception e) {
            subjects.close();
            throw e;
        }
    }

    private void open(Plan plan) throws Exception {
        List<Callable<PoolSubject>> openings = new ArrayList<>();
        List<String> users = new ArrayList<>();
        for (Route route : server.routes()) {
            for (PoolKind kind : plan.kinds()) {
                for (int i = 0; i <= plan.intervals().size(); i++) {
                    Duration interval = i == 0 ? null : plan.intervals().get(i - 1);
                    String user = FaultyServer.USER + USERS.incrementAndGet();
                    users.add(user);
                    PoolKind.Settings settings = plan.settings().apply(settings(route, user));
                    openings.add(() -> new PoolSubject(kind, settings, interval));
                }
            }
        }
        server.addUsers(users);
        all.addAll(together(openings, Callable::call));
    }

    private PoolKind.Settings settings(Route route, String user) {
        return new PoolKind.Settings(
                route,
                server.port(),
                user,
                FaultyServer.PASSWORD,
                SIZE,
                SIZE,
                Duration.ofSeconds(30),
                new AtomicInteger());
    }

    /** Those that have a check. */
    List<PoolSubject> guarded() {
        return all.stream().filter(subject -> !subject.isControl()).toList();
    }

    PoolSubject controlOf(PoolSubject subject) {
        return all.stream()
                .filter(other -> other.isControl()
                        && other.kind == subject.kind
                        && other.settings.route() == subject.settings.route())
                .findFirst()
                .orElseThrow();
    }

    @FunctionalInterface
    interface Step<T, R> {
        @Nullable
        R of(T each) throws Exception;
    }

    /** All at the same time; the results are in the order of what they are of. */
    <T, R> List<R> together(Collection<T> each, Step<T, R> step) throws Exception {
        List<Future<R>> futures = new ArrayList<>();
        for (T one : each) {
            futures.add(threads.submit(() -> step.of(one)));
        }
        List<R> results = new ArrayList<>();
        for (Future<R> future : futures) {
            results.add(future.get());
        }
        return results;
    }

    void closePools() {
        all.parallelStream().forEach(PoolSubject::close);
    }

    @Override
    public void close() {
        all.forEach(PoolSubject::stopAsking);
        registry.close();
        closePools();
        threads.shutdownNow();
    }
}
