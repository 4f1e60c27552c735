package dev.healthcheck.spring;

import java.util.Optional;
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
    private final Supplier<Optional<BlockingInWebFlux>> blocking;

    /**
     * Shows what is in {@code raw}.
     *
     * @param blocking returns what else this shows; nothing without WebFlux
     */
    ReactiveViewingRegistry(
            ReactiveHealthContributorRegistry raw,
            Supplier<ReactiveViews> views,
            Supplier<Optional<BlockingInWebFlux>> blocking) {
        this.raw = raw;
        this.views = views;
        this.blocking = blocking;
    }

    /** Returns the registry of the application itself. */
    ReactiveHealthContributorRegistry raw() {
        return raw;
    }

    @Override
    public @Nullable ReactiveHealthContributor getContributor(String name) {
        views.get().bridge().batches().end();
        ReactiveHealthContributor view = views.get().of("", name, raw.getContributor(name), raw::getContributor);
        return view == null ? blocking.get().map(others -> others.find(name)).orElse(null) : view;
    }

    /**
     * In servlet applications Spring streams the blocking registry first, so this joins its batch. In WebFlux Spring
     * streams only this one, so it opens the batch.
     */
    @Override
    public Stream<Entry> stream() {
        Optional<BlockingInWebFlux> others = blocking.get();
        if (others.isEmpty()) {
            views.get().bridge().batches().include("");
            return own();
        }
        views.get().bridge().batches().open("");
        return Stream.concat(own(), others.get().all());
    }

    private Stream<Entry> own() {
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
