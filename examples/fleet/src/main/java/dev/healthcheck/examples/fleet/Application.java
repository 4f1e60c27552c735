package dev.healthcheck.examples.fleet;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.jdbc.JdbcHealthCheck;
import dev.healthcheck.servlet.HealthServlet;
import java.time.Duration;
import org.apache.tomcat.jdbc.pool.DataSource;
import org.apache.tomcat.jdbc.pool.PoolProperties;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;

/** One instance: takes orders and tells a price, and stops at SIGTERM in the order that loses no request. */
final class Application {
    private final HealthCheckRegistry health = HealthCheckRegistry.create();
    private final Server server = new Server();
    private final DataSource dataSource;

    private Application(int port, String jdbcUrl, Policy policy) {
        dataSource = new DataSource(poolOf(jdbcUrl));
        health.register("orders-db", JdbcHealthCheck.of(dataSource), policy::applyTo);
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        connector.setPort(port);
        server.addConnector(connector);
        server.setHandler(new GracefulHandler(servlets()));
        server.setStopTimeout(Duration.ofSeconds(5).toMillis()); // for requests that are being served
    }

    /** Arguments: port, URL of the database, policy. */
    public static void main(String... arguments) throws Exception {
        Application application =
                new Application(Integer.parseInt(arguments[0]), arguments[1], Policy.of(arguments[2]));
        Runtime.getRuntime().addShutdownHook(new Thread(application::stop, "shutdown"));
        application.server.start();
    }

    private ServletContextHandler servlets() {
        ServletHolder holder = new ServletHolder(HealthServlet.of(health));
        holder.setAsyncSupported(true);
        ServletContextHandler context = new ServletContextHandler();
        context.addServlet(holder, "/health/*");
        context.addServlet(new ServletHolder(new ShopServlet(new Shop(dataSource))), "/");
        return context;
    }

    private void stop() {
        try {
            health.drain();
            health.awaitDrainSeen(Balancer.FALL, Balancer.DRAIN, Balancer.DRAIN.multipliedBy(2));
            server.stop();
            health.close();
            dataSource.close();
        } catch (Exception e) {
            throw new IllegalStateException("cannot stop", e);
        }
    }

    /** A pool that tries to connect whenever it is asked, so that no back-off of a pool hides what the policies do. */
    private static PoolProperties poolOf(String jdbcUrl) {
        PoolProperties pool = new PoolProperties();
        pool.setUrl(jdbcUrl);
        pool.setUsername("postgres");
        pool.setDriverClassName("org.postgresql.Driver");
        pool.setInitialSize(0); // a process starts without its database
        pool.setMinIdle(0);
        pool.setMaxActive(10);
        pool.setMaxIdle(10);
        pool.setMaxWait(1000);
        pool.setTestOnBorrow(true);
        pool.setValidationQuery("SELECT 1");
        pool.setValidationInterval(0);
        pool.setLogValidationErrors(false);
        return pool;
    }
}
