package dev.healthcheck.spring;

import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.ReactiveHealthContributor;
import org.springframework.boot.health.registry.DefaultReactiveHealthContributorRegistry;
import org.springframework.boot.health.registry.ReactiveHealthContributorRegistry;

/** {@link ViewingRegistry} of reactive contributors. */
final class ReactiveViewingRegistry extends DefaultReactiveHealthContributorRegistry {
    private final ReactiveHealthContributorRegistry raw;
    private final Supplier<ReactiveViews> views;

    ReactiveViewingRegistry(ReactiveHealthContributorRegistry raw, Supplier<ReactiveViews> views) {
        this.raw = raw;
        this.views = views;
    }

    /** Returns the registry of the application itself. */
    ReactiveHealthContributorRegistry raw() {
        return raw;
    }

    @Override
    public @Nullable ReactiveHealthContributor getContributor(String name) {
        return views.get().of("", name, raw.getContributor(name), raw::getContributor);
    }

    /** Belongs to the batch of {@link ViewingRegistry#stream()}, after which Spring asks for this in one answer. */
    @Override
    public Stream<Entry> stream() {
        views.get().bridge().batches().include("");
        return views.get().allOfRegistry(raw.stream(), raw::getContributor);
    }

    @Override
    public void registerContributor(String name, ReactiveHealthContributor contributor) {
        raw.registerContributor(name, contributor);
    }

    @Override
    public @Nullable ReactiveHealthContributor unregisterContributor(String name) {
        ReactiveHealthContributor unregistered = raw.unregisterContributor(name);
        views.get().forget(name);
        return unregistered;
    }
}
