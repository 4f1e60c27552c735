package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.testkit.ChildJvm;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Of R16: after close() nothing of ours keeps the class loader of an application that was undeployed. */
class ClassLoaderTest {

    @Test // R16e
    void after_close_the_class_loader_of_the_checks_can_be_collected_and_not_before() throws Exception {
        // newer JDKs have caches that are softly reachable: here any collection empties them
        assertThat(ChildJvm.run(List.of("-Xmx64m", "-XX:SoftRefLRUPolicyMSPerMB=0"), Container.class))
                .isEqualTo("closed: collected, not closed: kept");
    }

    /** Deploys and undeploys applications beside a registry of its own. */
    static final class Container {
        private static final long AT_MOST = SECONDS.toNanos(20);

        public static void main(String[] args) throws Exception {
            try (var shared = HealthCheckRegistry.create()) {
                shared.register("shared", CheckResult::up);
                shared.check();

                WeakReference<ClassLoader> kept = deploy(false);
                WeakReference<ClassLoader> collected = deploy(true);

                long end = System.nanoTime() + AT_MOST;
                while (collected.get() != null && System.nanoTime() - end < 0) {
                    System.gc();
                }
                System.out.println("closed: " + state(collected) + ", not closed: " + state(kept));
            }
        }

        private static String state(WeakReference<ClassLoader> application) {
            return application.get() == null ? "collected" : "kept";
        }
    }

    private static WeakReference<ClassLoader> deploy(boolean undeploy) throws Exception {
        URL classes = Application.class.getProtectionDomain().getCodeSource().getLocation();
        URL engine =
                HealthCheckRegistry.class.getProtectionDomain().getCodeSource().getLocation();
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (var loader = new ApplicationLoader(new URL[] {classes, engine})) {
            Thread.currentThread().setContextClassLoader(loader);
            Runnable application = (Runnable) loader.loadClass(Application.class.getName())
                    .getDeclaredConstructor(boolean.class)
                    .newInstance(undeploy);
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

    /** Registers checks of all kinds, has them run and be overdue, and closes if it is told to. */
    public static final class Application implements Runnable {
        private final boolean closes;

        public Application(boolean closes) {
            this.closes = closes;
        }

        @Override
        public void run() {
            HealthCheckRegistry registry = HealthCheckRegistry.create();
            registry.addListener(change -> {});
            registry.register("up", CheckResult::up);
            registry.register(
                    "scheduled", CheckResult::up, o -> o.every(ofMillis(100)).timeout(ofMillis(100)));
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
            if (closes) {
                registry.close();
            }
        }
    }

    private static final class ApplicationException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
