package dev.healthcheck.micrometer;

import static dev.healthcheck.micrometer.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The meters of an application that does not have {@code healthcheck-http}. */
class WithoutHttpTest {
    @Test
    void all_other_meters_work() throws Exception {
        try (HealthCheckRegistry health = HealthCheckRegistry.create()) {
            SimpleMeterRegistry meters = new SimpleMeterRegistry();
            Class<?> type = new WithoutHttp().loadClass(HealthMetrics.class.getName());
            MeterBinder metrics =
                    (MeterBinder) type.getConstructor(HealthCheckRegistry.class).newInstance(health);

            metrics.bindTo(meters);
            health.register("db", CheckResult::up);
            assertThat(health.check("db")).isPresent();

            eventually(() ->
                    assertThat(meters.find("health.check.duration").timers()).hasSize(1));
            ((AutoCloseable) metrics).close();
            assertThat(meters.getMeters()).isEmpty();
        }
    }

    @Test
    @SuppressWarnings("unchecked")
    void the_class_can_be_looked_at_and_only_an_answer_fails() throws Exception {
        try (HealthCheckRegistry health = HealthCheckRegistry.create()) {
            Class<?> type = new WithoutHttp().loadClass(HealthMetrics.class.getName());
            Object metrics = type.getConstructor(HealthCheckRegistry.class).newInstance(health);

            assertThat(type.getMethods()).extracting(Method::getName).contains("bindTo", "close", "probeRequests");
            Consumer<Object> listener =
                    (Consumer<Object>) type.getMethod("probeRequests").invoke(metrics);
            assertThatThrownBy(() -> listener.accept("an answer")).isInstanceOf(NoClassDefFoundError.class);
        }
    }

    /** Defines the classes of this module anew, and knows none of {@code healthcheck-http}. */
    private static final class WithoutHttp extends ClassLoader {
        WithoutHttp() {
            super(WithoutHttp.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("dev.healthcheck.http.")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("dev.healthcheck.micrometer.")) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream file = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = file.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
