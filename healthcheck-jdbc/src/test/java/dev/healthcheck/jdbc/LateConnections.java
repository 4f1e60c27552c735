package dev.healthcheck.jdbc;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Status;
import dev.healthcheck.testkit.TcpProxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The only connection of a pool becomes free at about the time when the run of the check ends that waits for it: sometimes
 * sooner, sometimes later. Then the application wants it back at once.
 */
final class LateConnections {
    private static final Duration SOONEST = Duration.ofMillis(560);
    private static final Duration LATEST = Duration.ofMillis(860);
    private static final Duration STEP = Duration.ofMillis(20);
    /** So that a question that goes out in time may still be answered too late. */
    private static final Duration NETWORK = Duration.ofMillis(20);

    /** Of the application. It has to wait for the check at most, and that is soon over. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final PoolSubject subject;
    private final HealthCheckRegistry registry;
    private final List<Answer> answers = new CopyOnWriteArrayList<>();
    private final Set<Long> backends = new HashSet<>();
    private int errors;

    private LateConnections(PoolSubject subject, HealthCheckRegistry registry) {
        this.subject = subject;
        this.registry = registry;
    }

    /**
     * The outcome of one pool.
     *
     * @param answers to the prober
     * @param backends that served the application
     * @param errors that the application had
     */
    record Seen(PoolKind kind, Route route, @Nullable Duration interval, List<Answer> answers, int backends, int errors)
            implements PoolTable.Pool {
        boolean isUnreachable() {
            return isMoreThanChance(answer -> "unreachable".equals(answer.reason()));
        }

        boolean isDown() {
            return isMoreThanChance(answer -> answer.status() == Status.DOWN);
        }

        /** A busy machine may hold up a question in one round. A wrong check fails whenever a connection comes late. */
        private boolean isMoreThanChance(Predicate<Answer> fault) {
            return answers.stream().filter(fault).count() > 1;
        }

        String shown() {
            return Answer.changes(answers, answers.get(0).at());
        }
    }

    static List<Seen> of(FaultyServer server, List<PoolKind> kinds) throws Exception {
        try (TcpProxy network = TcpProxy.to(server.port())) {
            network.delay(NETWORK);
            PoolSubjects.Plan plan = PoolSubjects.Plan.of(kinds, List.of(STEP))
                    .with(settings ->
                            settings.through(network.port()).sized(1, 1).patient(PATIENCE));
            try (PoolSubjects subjects = PoolSubjects.open(server, plan)) {
                return subjects.together(
                        subjects.all, subject -> new LateConnections(subject, subjects.registry).rounds());
            }
        }
    }

    private Seen rounds() throws Exception {
        backends.addAll(subject.fill());
        if (!subject.isControl()) {
            subject.registerAndAwaitUp(registry, null);
        }
        ExecutorService prober = Executors.newSingleThreadExecutor();
        try {
            for (Duration held = SOONEST; held.compareTo(LATEST) <= 0; held = held.plus(STEP)) {
                round(held, prober);
            }
        } finally {
            prober.shutdown();
        }
        return new Seen(subject.kind, subject.settings.route(), subject.interval, answers, backends.size(), errors);
    }

    private void round(Duration held, ExecutorService prober) throws Exception {
        Future<?> told;
        try (Connection connection = subject.source.getConnection()) {
            told = prober.submit(this::ask);
            PoolTrial.pause(held.toNanos());
            connection.clearWarnings();
        } catch (SQLException e) {
            errors++;
            return;
        }
        try {
            backends.add(subject.application.request());
        } catch (SQLException e) {
            errors++;
        }
        told.get();
    }

    private void ask() {
        long at = System.nanoTime();
        registry.check(subject.user()).ifPresent(report -> answers.add(Answer.of(at, report)));
    }
}
