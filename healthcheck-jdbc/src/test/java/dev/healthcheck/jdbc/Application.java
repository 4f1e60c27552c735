package dev.healthcheck.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The application that the pool is there for. It never waits for longer than it says, even if the pool does. */
final class Application implements AutoCloseable {
    static final int REQUESTS = 10;
    private static final Duration OF_ONE_REQUEST = Duration.ofSeconds(8);
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

    private final DataSource source;
    private final String query;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "application");
        thread.setDaemon(true);
        return thread;
    });

    Application(DataSource source, String query) {
        this.source = source;
        this.query = query;
    }

    /**
     * The connections that the application got.
     *
     * @param served of {@link #REQUESTS}, one after the other
     * @param atOnce how many connections it had at the same time, at its first try
     * @param all after how long it had as many as the pool has; null if never
     * @param backends those of its last try
     */
    record Service(int served, int atOnce, @Nullable Duration all, Set<Long> backends) {
        /** All together, because it is chance whether a dead connection is met by the requests or by what comes after. */
        int failed() {
            return REQUESTS - served + PoolSubjects.SIZE - atOnce;
        }
    }

    /** First the requests, then everything that the pool has, each tried for so long. */
    Service use(int size, Duration patience) throws InterruptedException {
        int served = requests(patience);
        long start = System.nanoTime();
        Set<Long> backends = takeAll(size);
        int atOnce = backends.size();
        while (backends.size() < size && System.nanoTime() - start < patience.toNanos()) {
            LockSupport.parkNanos(PAUSE);
            backends = takeAll(size);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        return new Service(served, atOnce, backends.size() < size ? null : took, backends);
    }

    private int requests(Duration patience) throws InterruptedException {
        long start = System.nanoTime();
        int served = 0;
        for (int i = 0; i < REQUESTS && System.nanoTime() - start < patience.toNanos(); i++) {
            if (within(OF_ONE_REQUEST, this::request) != null) {
                served++;
            }
        }
        return served;
    }

    /** Borrows as many at the same time, asks each, and gives all back. Returns the backends that answered. */
    Set<Long> takeAll(int size) throws InterruptedException {
        List<Connection> taken = new ArrayList<>();
        Set<Long> backends = new HashSet<>();
        try {
            for (int i = 0; i < size; i++) {
                Connection connection = within(OF_ONE_REQUEST, source::getConnection, Application::giveBack);
                if (connection == null) {
                    break;
                }
                taken.add(connection);
                Long backend = within(OF_ONE_REQUEST, () -> backend(connection));
                if (backend != null) {
                    backends.add(backend);
                }
            }
            return backends;
        } finally {
            for (Connection each : taken) {
                within(OF_ONE_REQUEST, () -> giveBack(each));
            }
        }
    }

    long request() throws SQLException {
        try (Connection connection = source.getConnection()) {
            return backend(connection);
        }
    }

    private long backend(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static boolean giveBack(Connection connection) {
        try {
            connection.close();
            return true;
        } catch (SQLException e) {
            return false; // whatever became of it, the next request will tell
        }
    }

    private <T> @Nullable T within(Duration limit, Callable<T> call) throws InterruptedException {
        return within(limit, call, tooLate -> {});
    }

    /** Returns null if the call fails, or takes longer. It is not interrupted, because some pools lose a connection then. */
    private <T> @Nullable T within(Duration limit, Callable<T> call, Consumer<T> tooLate) throws InterruptedException {
        CompletableFuture<T> result = new CompletableFuture<>();
        threads.execute(() -> {
            try {
                T value = call.call();
                if (!result.complete(value)) {
                    tooLate.accept(value);
                }
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        try {
            return result.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            return null;
        } catch (TimeoutException e) {
            return result.complete(null) ? null : result.join();
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
