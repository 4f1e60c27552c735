package dev.healthcheck.jdbc;

import com.mchange.v2.c3p0.ComboPooledDataSource;
import com.mysql.cj.jdbc.MysqlDataSource;
import dev.healthcheck.HealthCheck;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.AgroalConnectionPoolConfiguration.ConnectionValidator;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.apache.commons.dbcp2.BasicDataSourceFactory;
import org.jspecify.annotations.Nullable;
import org.mariadb.jdbc.MariaDbDataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The pools that applications use, with the settings that they are shipped with but for size, patience and, where there is a
 * choice, the test of each connection that is lent ("tests"). Older versions have theirs in the name.
 */
enum PoolKind {
    HIKARI("HikariCP") {
        @Override
        DataSource open(Settings settings) throws Exception {
            return hikari(PoolKind.class.getClassLoader(), settings);
        }
    },
    HIKARI_OLDEST("HikariCP 4.0.3") {
        @Override
        DataSource open(Settings settings) throws Exception {
            return hikari(OLDEST_HIKARI, settings);
        }

        @Override
        HealthCheck check(DataSource source, @Nullable String query) throws ReflectiveOperationException {
            return query == null ? OLDEST_HIKARI.check(source) : OLDEST_HIKARI.check(source, query);
        }
    },
    DBCP("DBCP2") {
        @Override
        DataSource open(Settings settings) throws Exception {
            return dbcp(settings, false);
        }
    },
    DBCP_TESTS("DBCP2, tests") {
        @Override
        DataSource open(Settings settings) throws Exception {
            return dbcp(settings, true);
        }
    },
    TOMCAT("Tomcat JDBC") {
        @Override
        DataSource open(Settings settings) throws Exception {
            return tomcat(PoolKind.class.getClassLoader(), settings, false);
        }
    },
    TOMCAT_TESTS("Tomcat JDBC, tests") {
        @Override
        DataSource open(Settings settings) throws Exception {
            return tomcat(PoolKind.class.getClassLoader(), settings, true);
        }
    },
    TOMCAT_OLDER("Tomcat JDBC 10.1.34") {
        @Override
        DataSource open(Settings settings) throws Exception {
            return tomcat(OLDER_TOMCAT, settings, false);
        }
    },
    TOMCAT_OLDER_TESTS("Tomcat JDBC 10.1.34, tests") {
        @Override
        DataSource open(Settings settings) throws Exception {
            return tomcat(OLDER_TOMCAT, settings, true);
        }
    },
    C3P0("c3p0") {
        @Override
        DataSource open(Settings settings) throws Exception {
            return c3p0(settings, false);
        }
    },
    C3P0_TESTS("c3p0, tests") {
        @Override
        DataSource open(Settings settings) throws Exception {
            return c3p0(settings, true);
        }
    },
    AGROAL("Agroal") {
        @Override
        DataSource open(Settings settings) throws Exception {
            return agroal(settings, false);
        }
    },
    AGROAL_TESTS("Agroal, tests") {
        @Override
        DataSource open(Settings settings) throws Exception {
            return agroal(settings, true);
        }
    },
    PLAIN("no pool") {
        @Override
        DataSource open(Settings settings) throws Exception {
            return plain(settings);
        }
    };

    private static final OlderLibrary OLDEST_HIKARI = new OlderLibrary("HikariCP.jar", "com.zaxxer.hikari.");
    private static final OlderLibrary OLDER_TOMCAT = new OlderLibrary("tomcat-jdbc.jar", "org.apache.tomcat.jdbc.");

    /** Kept, or what is set here would be forgotten. The tests break things on purpose. */
    private static final Logger LOG_OF_TOMCAT = Logger.getLogger("org.apache.tomcat.jdbc");

    static {
        LOG_OF_TOMCAT.setLevel(Level.OFF);
    }

    static final List<PoolKind> ALL = List.of(values());

    final String label;

    PoolKind(String label) {
        this.label = label;
    }

    /**
     * The settings in which experiments differ.
     *
     * @param idle that many connections are open from the start, and stay open
     * @param patience of a borrower
     * @param timeouts is increased whenever a HikariCP pool counts a borrower that got nothing in time
     */
    record Settings(
            Route route,
            int port,
            String user,
            String password,
            int size,
            int idle,
            Duration patience,
            AtomicInteger timeouts) {
        /** With room for one connection, and none open from the start. */
        static Settings of(Route route, int port, String user, String password) {
            return new Settings(route, port, user, password, 1, 0, Duration.ofSeconds(30), new AtomicInteger());
        }

        String url() {
            return route.url(port);
        }

        Settings through(int proxy) {
            return new Settings(route, proxy, user, password, size, idle, patience, timeouts);
        }

        Settings sized(int most, int open) {
            return new Settings(route, port, user, password, most, open, patience, timeouts);
        }

        Settings patient(Duration borrower) {
            return new Settings(route, port, user, password, size, idle, borrower, timeouts);
        }

        Settings withPassword(String other) {
            return new Settings(route, port, user, other, size, idle, patience, timeouts);
        }
    }

    abstract DataSource open(Settings settings) throws Exception;

    HealthCheck check(DataSource source, @Nullable String query) throws ReflectiveOperationException {
        JdbcHealthCheck check = JdbcHealthCheck.of(source);
        return query == null ? check : check.query(query);
    }

    boolean isHikari() {
        return this == HIKARI || this == HIKARI_OLDEST;
    }

    /** A source that is no pool opens a connection for each borrower. */
    boolean isPool() {
        return this != PLAIN;
    }

    /** Ends connections that are lent, too, where the pool can. */
    static void close(DataSource source) {
        try {
            if (source instanceof AutoCloseable closeable) {
                closeable.close();
            } else if (source.getClass().getName().startsWith("org.apache.tomcat.")) { // of either version
                source.getClass().getMethod("close", boolean.class).invoke(source, true);
            }
        } catch (Exception e) {
            throw new IllegalStateException("a pool that cannot be closed", e);
        }
    }

    private static DataSource hikari(ClassLoader library, Settings settings) throws Exception {
        Class<?> configuration = library.loadClass("com.zaxxer.hikari.HikariConfig");
        Object config = configuration
                .getConstructor(Properties.class)
                .newInstance(properties(Map.of(
                        "jdbcUrl", settings.url(),
                        "username", settings.user(),
                        "password", settings.password(),
                        "maximumPoolSize", settings.size(),
                        "minimumIdle", settings.idle(),
                        "connectionTimeout", settings.patience().toMillis(),
                        "initializationFailTimeout", -1)));
        Class<?> metrics = library.loadClass("com.zaxxer.hikari.metrics.MetricsTrackerFactory");
        configuration
                .getMethod("setMetricsTrackerFactory", metrics)
                .invoke(config, metrics(library, metrics, settings.timeouts()));
        return (DataSource) library.loadClass("com.zaxxer.hikari.HikariDataSource")
                .getConstructor(configuration)
                .newInstance(config);
    }

    private static Object metrics(ClassLoader library, Class<?> factory, AtomicInteger timeouts)
            throws ClassNotFoundException {
        Class<?> type = library.loadClass("com.zaxxer.hikari.metrics.IMetricsTracker");
        Object tracker = Proxy.newProxyInstance(library, new Class<?>[] {type}, (proxy, method, args) -> {
            if (method.getName().equals("recordConnectionTimeout")) {
                timeouts.incrementAndGet();
            }
            return null;
        });
        return Proxy.newProxyInstance(library, new Class<?>[] {factory}, (proxy, method, args) -> tracker);
    }

    private static DataSource dbcp(Settings settings, boolean tests) throws Exception {
        return BasicDataSourceFactory.createDataSource(properties(Map.of(
                "url", settings.url(),
                "driverClassName", settings.route().driver,
                "username", settings.user(),
                "password", settings.password(),
                "maxTotal", settings.size(),
                "initialSize", settings.idle(),
                "minIdle", settings.idle(),
                "maxWaitMillis", settings.patience().toMillis(),
                "testOnBorrow", tests)));
    }

    private static DataSource tomcat(ClassLoader library, Settings settings, boolean tests) throws Exception {
        Class<?> factory = library.loadClass("org.apache.tomcat.jdbc.pool.DataSourceFactory");
        Properties properties = properties(Map.of(
                "url", settings.url(),
                "driverClassName", settings.route().driver,
                "username", settings.user(),
                "password", settings.password(),
                "maxActive", settings.size(),
                "initialSize", settings.idle(),
                "minIdle", settings.idle(),
                "maxWait", settings.patience().toMillis(),
                "testOnBorrow", tests));
        properties.setProperty("maxIdle", Integer.toString(settings.size()));
        if (tests) {
            properties.setProperty("validationQuery", "SELECT 1");
        }
        Method create = factory.getMethod("createDataSource", Properties.class);
        return (DataSource) create.invoke(factory.getConstructor().newInstance(), properties);
    }

    private static DataSource c3p0(Settings settings, boolean tests) throws Exception {
        ComboPooledDataSource pool = new ComboPooledDataSource();
        pool.setDriverClass(settings.route().driver);
        pool.setJdbcUrl(settings.url());
        pool.setUser(settings.user());
        pool.setPassword(settings.password());
        pool.setMaxPoolSize(settings.size());
        pool.setMinPoolSize(settings.idle());
        pool.setInitialPoolSize(settings.idle());
        pool.setCheckoutTimeout((int) settings.patience().toMillis());
        pool.setTestConnectionOnCheckout(tests);
        return pool;
    }

    private static DataSource agroal(Settings settings, boolean tests) throws Exception {
        return AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(settings.size())
                        .minSize(settings.idle())
                        .initialSize(settings.idle())
                        .acquisitionTimeout(settings.patience())
                        .validateOnBorrow(tests)
                        .connectionValidator(
                                tests ? ConnectionValidator.defaultValidator() : ConnectionValidator.emptyValidator())
                        .connectionFactoryConfiguration(factory -> factory.jdbcUrl(settings.url())
                                .principal(new NamePrincipal(settings.user()))
                                .credential(new SimplePassword(settings.password())))));
    }

    private static DataSource plain(Settings settings) throws Exception {
        switch (settings.route()) {
            case POSTGRES -> {
                PGSimpleDataSource source = new PGSimpleDataSource();
                source.setUrl(settings.url());
                source.setUser(settings.user());
                source.setPassword(settings.password());
                return source;
            }
            case MARIADB -> {
                MariaDbDataSource source = new MariaDbDataSource(settings.url());
                source.setUser(settings.user());
                source.setPassword(settings.password());
                return source;
            }
            case MYSQL_DRIVER -> {
                MysqlDataSource source = new MysqlDataSource();
                source.setUrl(settings.url());
                source.setUser(settings.user());
                source.setPassword(settings.password());
                return source;
            }
        }
        throw new AssertionError(settings.route());
    }

    private static Properties properties(Map<String, Object> values) {
        Properties properties = new Properties();
        values.forEach((name, value) -> properties.setProperty(name, String.valueOf(value)));
        return properties;
    }
}
