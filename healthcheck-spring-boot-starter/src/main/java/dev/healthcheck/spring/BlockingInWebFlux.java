package dev.healthcheck.spring;

import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.CompositeReactiveHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.health.contributor.ReactiveHealthContributor;
import org.springframework.boot.health.contributor.ReactiveHealthContributors.Entry;
import org.springframework.boot.health.registry.HealthContributorRegistry;

/**
 * The blocking contributors of an application with WebFlux, for its reactive registry. Thread-safe.
 *
 * <p>Spring would ask each of them on a thread of its own scheduler for blocking calls. These threads are few, and the
 * application uses them, too. A check of the registry needs none of them.
 */
final class BlockingInWebFlux {
    private final Supplier<@Nullable HealthContributorRegistry> registry;

    BlockingInWebFlux(Supplier<@Nullable HealthContributorRegistry> registry) {
        this.registry = registry;
    }

    @Nullable
    ReactiveHealthContributor find(String name) {
        HealthContributorRegistry found = registry.get();
        return found == null ? null : reactiveOrNull(found.getContributor(name));
    }

    /** Returns all. They belong to the batch of this thread if there is one. */
    Stream<Entry> all() {
        return registry.get() instanceof ViewingRegistry views ? reactive(views.withinBatch()) : Stream.empty();
    }

    private static Stream<Entry> reactive(Stream<HealthContributors.Entry> entries) {
        return entries.map(entry -> new Entry(entry.name(), reactive(entry.contributor())));
    }

    private static ReactiveHealthContributor reactive(HealthContributor view) {
        if (view instanceof CheckIndicator indicator) {
            return new ReactiveCheckIndicator(indicator);
        }
        return view instanceof CompositeHealthContributor composite
                ? new Composite(composite)
                : ReactiveHealthContributor.adapt(view);
    }

    private static @Nullable ReactiveHealthContributor reactiveOrNull(@Nullable HealthContributor view) {
        return view == null ? null : reactive(view);
    }

    private record Composite(CompositeHealthContributor composite) implements CompositeReactiveHealthContributor {

        @Override
        public @Nullable ReactiveHealthContributor getContributor(String name) {
            return reactiveOrNull(composite.getContributor(name));
        }

        @Override
        public Stream<Entry> stream() {
            return reactive(composite.stream());
        }
    }
}
