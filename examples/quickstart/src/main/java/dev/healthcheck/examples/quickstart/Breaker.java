package dev.healthcheck.examples.quickstart;

import com.zaxxer.hikari.HikariDataSource;
import dev.healthcheck.HealthCheckRegistry;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Breaks things and repairs them, one at a time. Thread-safe. */
final class Breaker implements AutoCloseable {
    static final String HELP = """
              pg stop | start | freeze | thaw      PostgreSQL: readiness is 503 while it is away
              redis stop | start | freeze | thaw   Redis is optional: DEGRADED, still 200
              pool fill | free                     takes all connections: DEGRADED, after 10 s DOWN
              hang on | off                        the check "payments" hangs and ignores interrupts
              drain                                readiness is 503 for good, the rest goes on
            """;

    private final Backends backends;
    private final HikariDataSource pool;
    private final Payments payments;
    private final HealthCheckRegistry health;
    private final List<Connection> taken = new ArrayList<>();

    Breaker(Backends backends, HikariDataSource pool, Payments payments, HealthCheckRegistry health) {
        this.backends = backends;
        this.pool = pool;
        this.payments = payments;
        this.health = health;
    }

    /** Returns what was done, or nothing if there is no such command. */
    synchronized Optional<String> run(String command) throws IOException, SQLException {
        switch (command) {
            case "pg stop" -> backends.postgres().stop();
            case "pg start" -> backends.postgres().start();
            case "pg freeze" -> backends.postgres().freeze();
            case "pg thaw" -> backends.postgres().thaw();
            case "redis stop" -> backends.redis().stop();
            case "redis start" -> backends.redis().start();
            case "redis freeze" -> backends.redis().freeze();
            case "redis thaw" -> backends.redis().thaw();
            case "pool fill" -> fillPool();
            case "pool free" -> freePool();
            case "hang on" -> payments.hang(true);
            case "hang off" -> payments.hang(false);
            case "drain" -> health.drain();
            default -> {
                return Optional.empty();
            }
        }
        return Optional.of(command + ": done");
    }

    private void fillPool() throws SQLException {
        while (taken.size() < pool.getMaximumPoolSize()) {
            taken.add(pool.getConnection());
        }
    }

    private void freePool() throws SQLException {
        for (Connection connection : taken) {
            connection.close();
        }
        taken.clear();
    }

    @Override
    public synchronized void close() throws SQLException {
        payments.hang(false);
        freePool();
    }
}
