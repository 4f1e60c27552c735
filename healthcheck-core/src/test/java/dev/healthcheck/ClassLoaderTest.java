package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Of R16: after close() nothing of ours keeps the class loader of an application that was undeployed. */
class ClassLoaderTest {

    @Test // R16e
    void after_close_the_class_loader_of_the_checks_can_be_collected() throws Exception {
        try (var shared = HealthCheckRegistry.create()) {
            shared.register("shared", CheckResult::up);
            shared.check();

            WeakReference<ClassLoader> application = deployAndUndeploy();

            await().atMost(Duration.ofSeconds(20)).pollInterval(ofMillis(50)).until(() -> {
                collectGarbage();
                return application.get() == null;
            });
        }
    }

    /** Also what is only softly reachable: newer JDKs have such caches, and give them up before they run out of memory. */
    private static void collectGarbage() {
        System.gc();
        try {
            assertThat(new long[Integer.MAX_VALUE - 8]).as("more than there is").isNull();
        } catch (OutOfMemoryError e) {
            assertThat(e).hasMessageContaining("heap");
        }
    }

    private static WeakReference<ClassLoader> deployAndUndeploy() throws Exception {
        URL classes = Application.class.getProtectionDomain().getCodeSource().getLocation();
        URL engine =
                HealthCheckRegistry.class.getProtectionDomain().getCodeSource().getLocation();
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (var loader = new ApplicationLoader(new URL[] {classes, engine})) {
            Thread.currentThread().setContextClassLoader(loader);
            Runnable application = (Runnable) loader.loadClass(Application.class.getName())
                    .getDeclaredConstructor()
                    .newInstance();
            assertThat(application.getClass()).isNotEqualTo(Application.class);
            application.run();
            return new WeakReference<>(loader);
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    /** Has its own copy of the application and, as in its WAR, of the engine. */
    private static final class ApplicationLoader extends URLClassLoader {
        ApplicationLoader(URL[] urls) {
            super(urls, ClassLoaderTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("dev.healthcheck.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
        }
    }

    /** Registers checks of all kinds, has them run and be overdue, and closes. */
    public static final class Application implements Runnable {
        public Application() {}

        @Override
        public void run() {
            try (var registry = HealthCheckRegistry.create()) {
                registry.addListener(change -> {});
                registry.register("up", CheckResult::up);
                registry.register("scheduled", CheckResult::up, o -> o.every(ofMillis(100))
                        .timeout(ofMillis(100)));
                registry.register("throwing", () -> {
                    throw new ApplicationException();
                });
                registry.register(
                        "overdue",
                        () -> {
                            Thread.currentThread().join();
                            return CheckResult.up();
                        },
                        o -> o.timeout(ofMillis(100)));
                if (registry.check().status() != Status.DOWN) {
                    throw new AssertionError("not all have run");
                }
            }
        }
    }

    private static final class ApplicationException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
