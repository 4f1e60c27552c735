package dev.healthcheck.jdbc;

import static org.awaitility.Awaitility.await;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Status;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** One pool before one server, with a check that a prober asks again and again, or without one: the control. */
final class PoolSubject implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    final PoolKind kind;
    final PoolKind.Settings settings;
    /** The prober's. A control has none. */
    final @Nullable Duration interval;

    final List<Answer> answers = new CopyOnWriteArrayList<>();
    final DataSource source;
    final Application application;
    private volatile boolean asking = true;
    private boolean closed;

    PoolSubject(PoolKind kind, PoolKind.Settings settings, @Nullable Duration interval) throws Exception {
        this.kind = kind;
        this.settings = settings;
        this.interval = interval;
        source = kind.open(settings);
        application = new Application(source, settings.route().backendQuery);
    }

    /** The pool's user on the server, and the check's name in the registry. */
    String user() {
        return settings.user();
    }

    boolean isControl() {
        return interval == null;
    }

    /** Waits until the pool has all its connections, and returns their backends. */
    Set<Long> fill() {
        Set<Long> backends = await().atMost(PATIENCE)
                .until(() -> application.takeAll(settings.size()), all -> all.size() == settings.size());
        return kind.isPool() ? backends : Set.of();
    }

    /** As the application does when it leaks connections, or has too few. */
    List<Connection> takeAll() throws SQLException {
        List<Connection> all = new ArrayList<>();
        for (int i = 0; i < settings.size(); i++) {
            all.add(source.getConnection());
        }
        return all;
    }

    /** Returns whether the application was refused a connection, as it should be. */
    boolean requestInVain() {
        try {
            application.request();
            return false;
        } catch (SQLException e) {
            return true;
        }
    }

    /** Returns once the check has been UP for the first time; from then on the prober asks. */
    void ask(HealthCheckRegistry registry, @Nullable String query) throws Exception {
        registerAndAwaitUp(registry, query);
        startProber(registry);
    }

    /** Returns once the check has been UP for the first time. Its first run in a JVM loads classes. */
    void registerAndAwaitUp(HealthCheckRegistry registry, @Nullable String query) throws Exception {
        register(registry, query);
        await().atMost(PATIENCE)
                .until(() -> registry.check(user()).orElseThrow().status() == Status.UP);
    }

    void register(HealthCheckRegistry registry, @Nullable String query) throws Exception {
        registry.register(user(), kind.check(source, query), options -> options.cacheFor(Duration.ZERO));
    }

    void startProber(HealthCheckRegistry registry) {
        Thread prober = new Thread(() -> askAgainAndAgain(registry), "prober-" + user());
        prober.setDaemon(true);
        prober.start();
    }

    private void askAgainAndAgain(HealthCheckRegistry registry) {
        while (asking) {
            long at = System.nanoTime();
            registry.check(user()).ifPresent(report -> answers.add(Answer.of(at, report)));
            LockSupport.parkNanos(at + interval.toNanos() - System.nanoTime());
        }
    }

    void stopAsking() {
        asking = false;
    }

    /** Waits for the first UP that a prober was told who asked after this time; null if there is none for so long. */
    @Nullable
    Answer awaitUp(long from, Duration patience) {
        Answer up = firstUp(from);
        while (up == null && System.nanoTime() - from < patience.toNanos()) {
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            up = firstUp(from);
        }
        return up;
    }

    private @Nullable Answer firstUp(long from) {
        return answers.stream()
                .filter(answer -> answer.at() >= from && answer.isUp())
                .findFirst()
                .orElse(null);
    }

    @Override
    public void close() {
        stopAsking();
        if (!closed) {
            closed = true;
            application.close();
            PoolKind.close(source);
        }
    }
}
