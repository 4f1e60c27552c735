package dev.healthcheck.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.testkit.Patience;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchesTest {

    @ParameterizedTest
    @CsvSource({"1000, true", "1001, false"})
    void a_batch_ends_when_nobody_has_used_it_for_a_second(long millis, boolean isThere) {
        AtomicLong now = new AtomicLong();
        try (HealthCheckRegistry registry = Patience.builder().build()) {
            registry.register("db", CheckResult::up);
            Batches batches = new Batches(registry, now::get);
            batches.open("");
            batches.ask(prefix -> new Members(Set.of("db")));

            now.addAndGet(Duration.ofMillis(millis).toNanos());

            assertThat(batches.take("db") != null).isEqualTo(isThere);
        }
    }

    @Test
    void an_answer_that_nobody_ends_leaves_nothing_on_a_thread_of_the_container() throws Exception {
        try (HealthCheckRegistry registry = Patience.builder().build()) {
            WeakReference<ClassLoader> application = openIn(new ApplicationLoader(), registry);

            await().untilAsserted(() -> {
                System.gc();
                assertThat(application.get()).isNull();
            });
        }
    }

    /** Begins a batch on this thread as an application with a class loader of its own does. */
    private static WeakReference<ClassLoader> openIn(ClassLoader application, HealthCheckRegistry registry)
            throws Exception {
        Class<?> loaded = application.loadClass(Batches.class.getName());
        assertThat(loaded).isNotSameAs(Batches.class);
        Constructor<?> constructor = loaded.getDeclaredConstructor(HealthCheckRegistry.class);
        constructor.setAccessible(true);
        Method open = loaded.getDeclaredMethod("open", String.class);
        open.setAccessible(true);
        open.invoke(constructor.newInstance(registry), "");
        return new WeakReference<>(application);
    }

    /** Loads batches itself, and all else as its parent does. */
    private static final class ApplicationLoader extends ClassLoader {
        ApplicationLoader() {
            super(BatchesTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            boolean isOwn = name.equals(Batches.class.getName()) || name.startsWith(Batches.class.getName() + "$");
            return isOwn && findLoadedClass(name) == null ? define(name) : super.loadClass(name, resolve);
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
