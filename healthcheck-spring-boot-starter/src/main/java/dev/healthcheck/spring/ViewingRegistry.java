package dev.healthcheck.spring;

import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.registry.DefaultHealthContributorRegistry;
import org.springframework.boot.health.registry.HealthContributorRegistry;

/**
 * The registry of an application, which shows {@link Views} of its contributors. Thread-safe. It has the type that the
 * application may have asked for, and uses nothing of it.
 */
final class ViewingRegistry extends DefaultHealthContributorRegistry {
    private final HealthContributorRegistry raw;
    private final Supplier<BlockingViews> views;

    ViewingRegistry(HealthContributorRegistry raw, Supplier<BlockingViews> views) {
        this.raw = raw;
        this.views = views;
    }

    /** Returns the registry of the application itself. */
    HealthContributorRegistry raw() {
        return raw;
    }

    /** Returns whether this shows the checks of a bridge. A child context may have the registry of its parent. */
    boolean isOf(Bridge bridge) {
        return views.get().bridge() == bridge;
    }

    @Override
    public @Nullable HealthContributor getContributor(String name) {
        views.get().bridge().batches().end();
        return views.get().of("", name, raw.getContributor(name), raw::getContributor);
    }

    @Override
    public Stream<Entry> stream() {
        views.get().bridge().batches().open("");
        return withinBatch();
    }

    /** Returns what {@link #stream()} returns, within the batch of this thread if there is one. */
    Stream<Entry> withinBatch() {
        return views.get().allOfRegistry(raw.stream(), raw::getContributor);
    }

    @Override
    public void registerContributor(String name, HealthContributor contributor) {
        raw.registerContributor(name, contributor);
    }

    @Override
    public @Nullable HealthContributor unregisterContributor(String name) {
        HealthContributor unregistered = raw.unregisterContributor(name);
        views.get().forget(name);
        return unregistered;
    }
}
