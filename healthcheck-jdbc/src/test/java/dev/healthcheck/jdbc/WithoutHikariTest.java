package dev.healthcheck.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.healthcheck.HealthCheck;
import dev.healthcheck.Status;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

class WithoutHikariTest {
    @Test
    void nothing_of_HikariCP_is_needed() throws Exception {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setURL("jdbc:h2:mem:without-hikari");
        try (URLClassLoader loader = new OwnClasses(classPathWithout("HikariCP"))) {
            assertThatThrownBy(() -> loader.loadClass("com.zaxxer.hikari.HikariDataSource"))
                    .isInstanceOf(ClassNotFoundException.class);
            Class<?> type = loader.loadClass(JdbcHealthCheck.class.getName());
            assertThat(type).isNotSameAs(JdbcHealthCheck.class);

            HealthCheck check =
                    (HealthCheck) type.getMethod("of", DataSource.class).invoke(null, h2);

            assertThat(check.check().status()).isEqualTo(Status.UP);
        }
    }

    private static URL[] classPathWithout(String jar) throws Exception {
        String[] entries = System.getProperty("java.class.path").split(File.pathSeparator);
        return Arrays.stream(entries)
                .filter(entry -> !new File(entry).getName().startsWith(jar))
                .map(WithoutHikariTest::url)
                .toArray(URL[]::new);
    }

    private static URL url(String entry) {
        try {
            return new File(entry).toURI().toURL();
        } catch (java.net.MalformedURLException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Loads the adapter itself, takes core from the test, so that their types meet, and knows nothing of HikariCP. */
    private static final class OwnClasses extends URLClassLoader {
        OwnClasses(URL[] classPath) {
            super(classPath, ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            boolean shared = name.startsWith("dev.healthcheck.") && !name.startsWith("dev.healthcheck.jdbc.");
            return shared ? WithoutHikariTest.class.getClassLoader().loadClass(name) : super.findClass(name);
        }
    }
}
