package dev.healthcheck.spring;

import dev.healthcheck.spring.Bridge.Kind;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.application.AvailabilityStateHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.health.contributor.HealthContributors.Entry;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.PingHealthIndicator;

/** What Spring sees instead of the contributors of an application. Thread-safe. */
final class Views {
    private final Bridge bridge;

    Views(Bridge bridge) {
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
    HealthContributor of(String prefix, Entry child, Supplier<@Nullable HealthContributors> parent) {
        String path = prefix + child.name();
        HealthContributor raw = child.contributor();
        Supplier<@Nullable HealthContributor> anew = () -> {
            HealthContributors found = parent.get();
            return found == null ? null : found.getContributor(child.name());
        };
        CheckIndicator known = bridge.find(Kind.BLOCKING, path);
        if (known != null && raw instanceof HealthIndicator) {
            return known;
        }
        if (!bridge.settings(path).enabled()) {
            return null;
        }
        if (raw instanceof CompositeHealthContributor composite) {
            return new Composite(path + "/", composite, anew);
        }
        return isImmediate(raw) || bridge.settings(path).inline() ? raw : register(path, raw, anew);
    }

    /** Returns whether an indicator waits for nothing, and has to say what holds at this moment. */
    private static boolean isImmediate(HealthContributor raw) {
        return raw instanceof PingHealthIndicator || raw instanceof AvailabilityStateHealthIndicator;
    }

    private HealthContributor register(String path, HealthContributor raw, Supplier<@Nullable HealthContributor> anew) {
        Supplier<@Nullable HealthIndicator> indicator =
                () -> anew.get() instanceof HealthIndicator found ? found : null;
        CheckIndicator view = bridge.register(
                Kind.BLOCKING, path, (translation, stacks) -> new IndicatorCheck(indicator, translation, stacks));
        return view == null ? raw : view;
    }

    /** Returns the views of some contributors of one parent, without those that are hidden. */
    Stream<Entry> all(String prefix, Stream<Entry> children, Supplier<@Nullable HealthContributors> parent) {
        return children.flatMap(child -> {
            HealthContributor view = of(prefix, child, parent);
            return view == null ? Stream.empty() : Stream.of(new Entry(child.name(), view));
        });
    }

    /** A composite of an application. {@code raw} lists what there is; {@code anew} finds the one of a later run. */
    private final class Composite implements CompositeHealthContributor {
        private final String prefix;
        private final CompositeHealthContributor raw;
        private final Supplier<@Nullable HealthContributor> anew;

        Composite(String prefix, CompositeHealthContributor raw, Supplier<@Nullable HealthContributor> anew) {
            this.prefix = prefix;
            this.raw = raw;
            this.anew = anew;
        }

        @Override
        public @Nullable HealthContributor getContributor(String name) {
            HealthContributor found = raw.getContributor(name);
            return found == null ? null : of(prefix, new Entry(name, found), this::anew);
        }

        @Override
        public Stream<Entry> stream() {
            List<Entry> children = raw.stream().toList();
            bridge.batches().include(prefix);
            bridge.keepOnly(
                    Kind.BLOCKING, prefix, children.stream().map(Entry::name).collect(Collectors.toSet()));
            return all(prefix, children.stream(), this::anew);
        }

        private @Nullable HealthContributors anew() {
            return anew.get() instanceof HealthContributors found ? found : null;
        }
    }
}
