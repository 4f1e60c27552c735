package dev.healthcheck.spring;

import dev.healthcheck.spring.Bridge.Kind;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.CompositeReactiveHealthContributor;
import org.springframework.boot.health.contributor.ReactiveHealthContributor;
import org.springframework.boot.health.contributor.ReactiveHealthContributors;
import org.springframework.boot.health.contributor.ReactiveHealthContributors.Entry;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;

/** {@link Views} of reactive contributors. A class of its own, as an application may be without Reactor. Thread-safe. */
final class ReactiveViews {
    private final Bridge bridge;

    ReactiveViews(Bridge bridge) {
        this.bridge = bridge;
    }

    Bridge bridge() {
        return bridge;
    }

    /**
     * Returns the view of a contributor.
     *
     * @param prefix the path of its parent, and a slash; empty for a registry
     * @param child the contributor and its name
     * @param parent finds its parent anew
     * @return null if it is hidden
     */
    @Nullable
    ReactiveHealthContributor of(String prefix, Entry child, Supplier<@Nullable ReactiveHealthContributors> parent) {
        String path = prefix + child.name();
        ReactiveHealthContributor raw = child.contributor();
        Supplier<@Nullable ReactiveHealthContributor> anew = () -> {
            ReactiveHealthContributors found = parent.get();
            return found == null ? null : found.getContributor(child.name());
        };
        CheckIndicator known = bridge.find(Kind.REACTIVE, path);
        if (known != null && raw instanceof ReactiveHealthIndicator) {
            return new ReactiveCheckIndicator(known);
        }
        if (!bridge.settings(path).enabled()) {
            return null;
        }
        if (raw instanceof CompositeReactiveHealthContributor composite) {
            return new Composite(path + "/", composite, anew);
        }
        return bridge.settings(path).inline() ? raw : register(path, raw, anew);
    }

    private ReactiveHealthContributor register(
            String path, ReactiveHealthContributor raw, Supplier<@Nullable ReactiveHealthContributor> anew) {
        Supplier<@Nullable ReactiveHealthIndicator> indicator =
                () -> anew.get() instanceof ReactiveHealthIndicator found ? found : null;
        CheckIndicator view = bridge.register(
                Kind.REACTIVE,
                path,
                (translation, stacks) -> new ReactiveIndicatorCheck(indicator, translation, stacks));
        return view == null ? raw : new ReactiveCheckIndicator(view);
    }

    /** Returns the views of some contributors of one parent, without those that are hidden. */
    Stream<Entry> all(String prefix, Stream<Entry> children, Supplier<@Nullable ReactiveHealthContributors> parent) {
        return children.flatMap(child -> {
            ReactiveHealthContributor view = of(prefix, child, parent);
            return view == null ? Stream.empty() : Stream.of(new Entry(child.name(), view));
        });
    }

    /** A composite of an application. {@code raw} lists what there is; {@code anew} finds the one of a later run. */
    private final class Composite implements CompositeReactiveHealthContributor {
        private final String prefix;
        private final CompositeReactiveHealthContributor raw;
        private final Supplier<@Nullable ReactiveHealthContributor> anew;

        Composite(
                String prefix,
                CompositeReactiveHealthContributor raw,
                Supplier<@Nullable ReactiveHealthContributor> anew) {
            this.prefix = prefix;
            this.raw = raw;
            this.anew = anew;
        }

        @Override
        public @Nullable ReactiveHealthContributor getContributor(String name) {
            ReactiveHealthContributor found = raw.getContributor(name);
            return found == null ? null : of(prefix, new Entry(name, found), this::anew);
        }

        @Override
        public Stream<Entry> stream() {
            List<Entry> children = raw.stream().toList();
            bridge.batches().include(prefix);
            bridge.keepOnly(
                    Kind.REACTIVE, prefix, children.stream().map(Entry::name).collect(Collectors.toSet()));
            return all(prefix, children.stream(), this::anew);
        }

        private @Nullable ReactiveHealthContributors anew() {
            return anew.get() instanceof ReactiveHealthContributors found ? found : null;
        }
    }
}
