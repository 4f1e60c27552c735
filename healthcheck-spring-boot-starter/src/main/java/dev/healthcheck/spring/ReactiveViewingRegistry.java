package dev.healthcheck.spring;

import dev.healthcheck.spring.Bridge.Kind;
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
        ReactiveHealthContributor found = raw.getContributor(name);
        return found == null ? null : views.get().of("", new Entry(name, found), () -> raw);
    }

    /** Belongs to the batch of {@link ViewingRegistry#stream()}, after which Spring asks for this in one answer. */
    @Override
    public Stream<Entry> stream() {
        views.get().bridge().batches().include("");
        return views.get().all("", raw.stream(), () -> raw);
    }

    @Override
    public void registerContributor(String name, ReactiveHealthContributor contributor) {
        raw.registerContributor(name, contributor);
    }

    @Override
    public @Nullable ReactiveHealthContributor unregisterContributor(String name) {
        ReactiveHealthContributor unregistered = raw.unregisterContributor(name);
        views.get().bridge().forget(Kind.REACTIVE, name);
        return unregistered;
    }
}
