package dev.healthcheck.spring;

import dev.healthcheck.HealthCheck;
import dev.healthcheck.spring.Bridge.Kind;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.CompositeReactiveHealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.ReactiveHealthContributor;
import org.springframework.boot.health.contributor.ReactiveHealthContributors;
import org.springframework.boot.health.contributor.ReactiveHealthContributors.Entry;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;

/** {@link Views} of reactive contributors. A class of its own, as an application may be without Reactor. Thread-safe. */
final class ReactiveViews extends Views<ReactiveHealthContributor, Entry> {
    private static final String ADAPTER = "org.springframework.boot.health.contributor.HealthIndicatorAdapter";

    ReactiveViews(Bridge bridge) {
        super(bridge, Kind.REACTIVE, Entry::name, Entry::contributor, Entry::new);
    }

    @Override
    boolean isComposite(ReactiveHealthContributor contributor) {
        return contributor instanceof CompositeReactiveHealthContributor;
    }

    @Override
    ReactiveHealthContributor composite(
            String prefix, ReactiveHealthContributor composite, Supplier<@Nullable ReactiveHealthContributor> anew) {
        CompositeReactiveHealthContributor raw = (CompositeReactiveHealthContributor) composite;
        return new Composite(new Children(
                prefix,
                raw::stream,
                raw::getContributor,
                name -> anew.get() instanceof ReactiveHealthContributors found ? found.getContributor(name) : null));
    }

    @Override
    @Nullable
    Children below(ReactiveHealthContributor view) {
        return view instanceof Composite composite ? composite.children : null;
    }

    @Override
    HealthCheck check(
            ReactiveHealthContributor raw,
            Supplier<@Nullable ReactiveHealthContributor> anew,
            Translation translation,
            OneStack stacks) {
        Supplier<@Nullable ReactiveHealthIndicator> indicator =
                () -> anew.get() instanceof ReactiveHealthIndicator found ? found : null;
        return isAdapter(raw)
                ? new IndicatorCheck(() -> blocking(indicator.get()), translation, stacks)
                : new ReactiveIndicatorCheck(indicator, translation, stacks);
    }

    /** Returns whether an indicator is Spring's adapter of one that blocks, which a cancelled run would interrupt. */
    private static boolean isAdapter(ReactiveHealthContributor indicator) {
        return indicator.getClass().getName().equals(ADAPTER);
    }

    private static @Nullable HealthIndicator blocking(@Nullable ReactiveHealthIndicator indicator) {
        return indicator == null ? null : indicator.asHealthContributor();
    }

    @Override
    ReactiveHealthContributor indicator(ReactiveHealthContributor raw, CheckIndicator check) {
        return new ReactiveCheckIndicator(check);
    }

    private record Composite(Views<ReactiveHealthContributor, Entry>.Children children)
            implements CompositeReactiveHealthContributor {

        @Override
        public @Nullable ReactiveHealthContributor getContributor(String name) {
            return children.of(name);
        }

        @Override
        public Stream<Entry> stream() {
            return children.all();
        }
    }
}
