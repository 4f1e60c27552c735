package dev.healthcheck.jdbc;

import dev.healthcheck.HealthCheck;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import javax.sql.DataSource;

/**
 * An older version of a pool, beside the one on the class path. Brings the check along, so that the check sees this version
 * and no other. Everything else comes from the class path.
 */
final class OlderLibrary extends URLClassLoader {
    private static final String CHECK = JdbcHealthCheck.class.getName();
    private static final Path JARS = Path.of("target", "older-pools");

    private final String packages;

    /**
     * @param jar is copied to the build's directory by the build
     * @param packages a prefix of the names of the pool's classes
     */
    OlderLibrary(String jar, String packages) {
        super(new URL[] {url(jar), check()}, OlderLibrary.class.getClassLoader());
        this.packages = packages;
    }

    /** The check of this library's pool. */
    HealthCheck check(DataSource source) throws ReflectiveOperationException {
        return (HealthCheck) loadClass(CHECK).getMethod("of", DataSource.class).invoke(null, source);
    }

    HealthCheck check(DataSource source, String query) throws ReflectiveOperationException {
        return (HealthCheck) loadClass(CHECK).getMethod("query", String.class).invoke(check(source), query);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null && (name.startsWith(packages) || name.startsWith("dev.healthcheck.jdbc."))) {
                loaded = own(name);
            }
            return loaded == null ? super.loadClass(name, resolve) : loaded;
        }
    }

    private Class<?> own(String name) {
        try {
            return findClass(name);
        } catch (ClassNotFoundException e) { // a class of the tests
            return null;
        }
    }

    private static URL check() {
        return JdbcHealthCheck.class.getProtectionDomain().getCodeSource().getLocation();
    }

    private static URL url(String jar) {
        try {
            return JARS.resolve(jar).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(jar, e);
        }
    }
}
