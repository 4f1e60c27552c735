package dev.healthcheck.spring;

import dev.healthcheck.spring.Bridge.Kind;
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
    private final Supplier<Views> views;

    ViewingRegistry(HealthContributorRegistry raw, Supplier<Views> views) {
        this.raw = raw;
        this.views = views;
    }

    /** Returns the registry of the application itself. */
    HealthContributorRegistry raw() {
        return raw;
    }

    @Override
    public @Nullable HealthContributor getContributor(String name) {
        views.get().bridge().batches().end();
        HealthContributor found = raw.getContributor(name);
        return found == null ? null : views.get().of("", new Entry(name, found), () -> raw);
    }

    @Override
    public Stream<Entry> stream() {
        views.get().bridge().batches().open("");
        return views.get().all("", raw.stream(), () -> raw);
    }

    @Override
    public void registerContributor(String name, HealthContributor contributor) {
        raw.registerContributor(name, contributor);
    }

    @Override
    public @Nullable HealthContributor unregisterContributor(String name) {
        HealthContributor unregistered = raw.unregisterContributor(name);
        views.get().bridge().forget(Kind.BLOCKING, name);
        return unregistered;
    }
}
