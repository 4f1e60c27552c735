package dev.healthcheck.examples.quickstart;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Probe;
import dev.healthcheck.checks.JvmChecks;
import dev.healthcheck.checks.SystemChecks;
import dev.healthcheck.http.HealthEndpoint;
import dev.healthcheck.http.HealthServer;
import dev.healthcheck.jdbc.JdbcHealthCheck;
import dev.healthcheck.micrometer.HealthMetrics;
import dev.healthcheck.redis.RedisHealthCheck;
import dev.healthcheck.servlet.HealthServlet;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service: its dependencies, its checks, the mounted servlets, and the stop. Copy from this class: the others of
 * the package break things, or are there to be broken.
 */
final class Quickstart {
    static final String TOKEN_HEADER = "X-Demo-Token";
    static final String TOKEN = "let-me-see";

    /** Instead of a port for health: there is none. */
    static final int NO_PORT = -1;

    private static final Logger LOG = LoggerFactory.getLogger(Quickstart.class);

    private final Backends backends = new Backends();
    private final Meters meters = new Meters();
    private final HikariDataSource dataSource = new HikariDataSource(poolOf(backends.postgres(), meters));
    private final ClientResources redisResources = ClientResources.builder()
            .reconnectDelay(Delay.constant(ofMillis(500))) // or it may wait for up to 30 s
            .build();
    private final RedisClient redisClient = clientOf(backends.redis(), redisResources);
    private final SearchClient search = new SearchClient();
    private final Orders orders = new Orders(dataSource, redisClient);
    private final Payments payments = new Payments();
    private final HealthCheckRegistry health = HealthCheckRegistry.builder()
            .defaults(o -> o.every(ofSeconds(1))) // metrics and alerts ask nobody; in production 15 s will do
            .build();
    private final HealthMetrics healthMetrics = new HealthMetrics(health);
    private final HealthEndpoint endpoint = HealthEndpoint.builder(health)
            .service("orders", "1.0.0")
            .onAnswer(healthMetrics.probeRequests())
            .build();
    private final Breaker breaker = new Breaker(backends, dataSource, payments, health);
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);
    private final Prober prober = new Prober();
    private volatile boolean stopping;
    private final int healthPort;
    private @Nullable HealthServer healthServer;
    private boolean stopped;

    /** Starts nothing that others could see. */
    Quickstart(int port, int healthPort) throws IOException {
        this.healthPort = healthPort;
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        server.addConnector(connector);
    }

    /**
     * The port comes first: if it is taken, nothing else has been started.
     *
     * @return false if {@link #stop} was called meanwhile
     */
    synchronized boolean start() throws Exception {
        if (stopping) {
            return false;
        }
        connector.open();
        LOG.info("starting PostgreSQL and Redis");
        backends.start();
        if (stopping) {
            return false;
        }
        registerChecks();
        healthMetrics.bindTo(meters.registry());
        if (healthPort != NO_PORT) {
            healthServer = HealthServer.builder(endpoint)
                    .port(healthPort)
                    .bind(InetAddress.getLoopbackAddress()) // in production leave this out: a kubelet is elsewhere
                    .start();
        }
        server.setHandler(new GracefulHandler(new Handler.Sequence(operations(), application())));
        server.setStopTimeout(ofSeconds(5).toMillis()); // for requests that are being served
        server.start();
        migrate();
        warmUp();
        prober.start(port());
        return !stopping;
    }

    /** Loads classes and connects: the first time takes longest, and nobody waits for it yet. */
    private void warmUp() throws InterruptedException {
        boolean ready = health.awaitUp(Probe.READINESS, ofSeconds(5));
        LOG.info("warmed up; views: {}; ready: {}", orders.views(), ready);
    }

    private void registerChecks() {
        health.register("orders-db", JdbcHealthCheck.of(dataSource).downWhenExhaustedFor(ofSeconds(10)));
        health.register(
                "cache", RedisHealthCheck.of(redisClient), o -> o.optional().timeout(ofMillis(300)));
        health.register("disk", SystemChecks.diskSpace(Path.of("/"), megabytes(100)), o -> o.every(ofSeconds(30)));
        health.register("deadlock", JvmChecks.deadlock(), o -> o.probes(Probe.LIVENESS));
        health.register(
                "migrations",
                () -> hasTable("orders") ? CheckResult.up() : CheckResult.down("migrations pending"),
                o -> o.probes(Probe.STARTUP));
        health.registerAsync("search", search::pingAsync); // a CompletionStage<CheckResult> holds no thread
        health.register("payments", payments::check); // "hang on" makes it hang

        // Your own check goes here: return a result, or throw. For instance:
        health.register("backlog", () -> {
            int waiting = orders.waiting();
            return waiting < 10
                    ? CheckResult.up().withDetail("waiting", waiting)
                    : CheckResult.degraded(waiting + " orders wait to be stored")
                            .withReason("backlog");
        });
    }

    /** Health, metrics, and what breaks things: for those who run the service, and in no metrics of its own requests. */
    private ServletContextHandler operations() {
        HealthServlet servlet = HealthServlet.of(endpoint, request -> TOKEN.equals(request.getHeader(TOKEN_HEADER)));
        var holder = new ServletHolder(servlet);
        holder.setAsyncSupported(true); // a probe that waits for a check holds no thread of the server
        var context = new ServletContextHandler();
        for (String path : new String[] {"/health/*", "/livez", "/readyz", "/startupz", "/healthz"}) {
            context.addServlet(holder, path);
        }
        context.addServlet(new ServletHolder(meters.servlet()), "/metrics");
        context.addServlet(new ServletHolder(new BreakServlet(breaker)), "/break/*");
        context.getServletHandler().setEnsureDefaultServlet(false); // leaves all other paths to the application
        return context;
    }

    private Handler application() {
        var context = new ServletContextHandler();
        context.addServlet(new ServletHolder(new OrdersServlet(orders)), "/");
        context.insertHandler(meters.requests());
        return new ServerTiming(context);
    }

    /**
     * Stops in the order that loses no request: announces the stop, waits until a prober has seen that, and closes the
     * server, the checks and then their dependencies.
     */
    void stop() throws Exception {
        stopping = true; // a start in progress does not go on
        stopInOrder();
    }

    private synchronized void stopInOrder() throws Exception {
        if (stopped) {
            return;
        }
        stopped = true;
        if (server.isRunning()) {
            LOG.info("draining: readiness is 503; waiting until a probe has seen it, 1 to 5 s");
            health.drain();
            health.awaitDrainSeen(1, ofSeconds(1), ofSeconds(5)); // in production: those of your balancer
        }
        prober.close();
        server.stop();
        connector.close();
        if (healthServer != null) {
            healthServer.close();
        }
        health.close();
        healthMetrics.close();
        breaker.close();
        dataSource.close();
        redisClient.shutdown();
        redisResources.shutdown().await();
        search.close();
        meters.close();
        backends.close();
        LOG.info("stopped");
    }

    /** Kills PostgreSQL and Redis, whatever else is going on. */
    void abandon() {
        backends.kill();
    }

    int port() {
        return connector.getLocalPort();
    }

    /** Returns the port of its own for health. */
    int healthPort() {
        if (healthServer == null) {
            throw new IllegalStateException("there is no port for health");
        }
        return healthServer.port();
    }

    Breaker breaker() {
        return breaker;
    }

    Orders orders() {
        return orders;
    }

    Backends backends() {
        return backends;
    }

    /** Creates the table; the startup check passes then. A slow machine needs more than one attempt to connect. */
    private void migrate() throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                createTable();
                return;
            } catch (SQLTransientConnectionException e) {
                if (attempt == 10) {
                    throw e;
                }
            }
        }
    }

    private void createTable() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE orders (id serial PRIMARY KEY, item text NOT NULL)");
        }
    }

    private boolean hasTable(String name) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                var tables = connection.getMetaData().getTables(null, "public", name, null)) {
            return tables.next();
        }
    }

    private static HikariConfig poolOf(PostgresProcess postgres, Meters meters) {
        var config = new HikariConfig();
        config.setPoolName("orders");
        config.setMetricRegistry(meters.registry());
        config.setJdbcUrl(postgres.jdbcUrl());
        config.setUsername(postgres.user());
        config.setPassword(postgres.password());
        config.setMaximumPoolSize(5);
        config.setMinimumIdle(0); // or it waits for up to 5 s between attempts after an outage, whoever asks
        config.setConnectionTimeout(2000);
        config.setValidationTimeout(500);
        config.setInitializationFailTimeout(-1); // a service starts without its database, and says that it is DOWN
        config.addDataSourceProperty("connectTimeout", "1"); // seconds
        config.addDataSourceProperty("socketTimeout", "2"); // or a frozen database holds a request for ever
        return config;
    }

    private static RedisClient clientOf(RedisProcess redis, ClientResources resources) {
        RedisClient client = RedisClient.create(resources, redis.uri());
        client.setOptions(ClientOptions.builder()
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .socketOptions(
                        SocketOptions.builder().connectTimeout(ofSeconds(1)).build())
                .timeoutOptions(TimeoutOptions.enabled(ofMillis(300)))
                .build());
        return client;
    }

    private static long megabytes(long count) {
        return count * 1_000_000;
    }
}
