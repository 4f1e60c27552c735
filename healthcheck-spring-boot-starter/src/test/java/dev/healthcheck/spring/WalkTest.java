package dev.healthcheck.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.DefaultHealthContributorRegistry;
import org.springframework.util.function.SingletonSupplier;

/** Checks that are registered while requests come. */
class WalkTest {
    private final HealthCheckRegistry registry = HealthCheckRegistry.create();
    private final SettingsByName settings = new SettingsByName(Map.of());
    private final Bridge bridge = new Bridge(
            registry,
            OwnChecks.shown(registry),
            settings,
            new Translation(() -> null, Status.UP.getCode()),
            new OneStack(null));
    private final Raw raw = new Raw();
    private final ViewingRegistry views =
            new ViewingRegistry(raw, SingletonSupplier.of(() -> new BlockingViews(bridge)));
    private final Walk walk =
            new Walk(registry, bridge, settings, () -> views, () -> null, new DefaultListableBeanFactory());

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void a_request_at_the_moment_at_which_a_check_is_shown_adds_no_other_check() {
        walk.afterSingletonsInstantiated();
        raw.onRegistered = name -> views.stream().forEach(entry -> {});

        registry.register("late", CheckResult::up);

        awaitShown("late");
        assertThat(registry.names()).containsExactly("late");
    }

    @Test
    void a_check_whose_indicator_was_refused_is_shown_when_it_is_registered_again() {
        walk.afterSingletonsInstantiated();
        CountDownLatch refused = new CountDownLatch(1);
        raw.onRegistering = name -> {
            raw.onRegistering = any -> {};
            refused.countDown();
            throw new IllegalStateException("refused");
        };

        var registration = registry.register("late", CheckResult::up);
        await().until(() -> refused.getCount() == 0);
        registration.close();
        registry.register("late", CheckResult::up);

        awaitShown("late");
    }

    @Test
    void a_composite_that_hangs_does_not_hold_up_the_events_of_other_checks() throws InterruptedException {
        try (HangingComposite composite = new HangingComposite()) {
            raw.registerContributor("tenants", composite);
            walk.afterSingletonsInstantiated();
            composite.isEmpty = false;
            CompletableFuture<Void> request = CompletableFuture.runAsync(() -> {
                views.stream().forEach(entry -> {});
                registry.check("tenants.late");
            });
            composite.entered.await();

            registry.register("other", CheckResult::up);

            awaitShown("other");
            assertThat(request).succeedsWithin(Duration.ofSeconds(30));
        }
    }

    private void awaitShown(String check) {
        await().until(() -> views.getContributor(check) != null);
    }

    /** The registry of an application, which runs code of a test. */
    private static final class Raw extends DefaultHealthContributorRegistry {
        volatile Consumer<String> onRegistering = name -> {};
        volatile Consumer<String> onRegistered = name -> {};

        @Override
        public void registerContributor(String name, HealthContributor contributor) {
            onRegistering.accept(name);
            super.registerContributor(name, contributor);
            onRegistered.accept(name);
        }
    }

    /** Lists its child at once, and hangs when it is asked for it. */
    private static final class HangingComposite implements CompositeHealthContributor, AutoCloseable {
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch end = new CountDownLatch(1);
        volatile boolean isEmpty = true;

        @Override
        public @Nullable HealthContributor getContributor(String name) {
            entered.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return null;
        }

        @Override
        public Stream<Entry> stream() {
            return isEmpty ? Stream.empty() : Stream.of(new Entry("late", new Switch()));
        }

        @Override
        public void close() {
            end.countDown();
        }
    }
}
