package dev.healthcheck.spring;

import dev.healthcheck.HealthCheck;
import dev.healthcheck.spring.Bridge.Kind;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.application.AvailabilityStateHealthIndicator;
import org.springframework.boot.health.application.ReadinessStateHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.health.contributor.HealthContributors.Entry;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.PingHealthIndicator;

/** {@link Views} of contributors that block. Thread-safe. */
final class BlockingViews extends Views<HealthContributor, Entry> {

    BlockingViews(Bridge bridge) {
        super(bridge, Kind.BLOCKING, Entry::name, Entry::contributor, Entry::new);
    }

    @Override
    boolean isComposite(HealthContributor contributor) {
        return contributor instanceof CompositeHealthContributor;
    }

    @Override
    boolean isInline(String path, HealthContributor indicator) {
        boolean asked = super.isInline(path, indicator);
        if (asked && indicator instanceof SubstituteIndicator substitute) {
            throw new InvalidSettingsException(
                    "healthcheck.checks." + path + ".inline: true (expected: false, or " + substitute.property()
                            + "=false)",
                    null);
        }
        return asked || isImmediate(indicator);
    }

    /** Returns whether an indicator waits for nothing, and has to say what holds at this moment. */
    private static boolean isImmediate(HealthContributor indicator) {
        return indicator instanceof PingHealthIndicator || indicator instanceof AvailabilityStateHealthIndicator;
    }

    @Override
    HealthContributor inline(HealthContributor raw) {
        return raw instanceof ReadinessStateHealthIndicator readiness
                ? new ReadinessIndicator(readiness, bridge().readiness())
                : raw;
    }

    @Override
    HealthContributor composite(
            String prefix, HealthContributor composite, Supplier<@Nullable HealthContributor> anew) {
        CompositeHealthContributor raw = (CompositeHealthContributor) composite;
        return new Composite(new Children(
                prefix,
                raw::stream,
                raw::getContributor,
                name -> anew.get() instanceof HealthContributors found ? found.getContributor(name) : null));
    }

    @Override
    @Nullable
    Children below(HealthContributor view) {
        return view instanceof Composite composite ? composite.children : null;
    }

    @Override
    HealthCheck check(
            HealthContributor raw,
            Supplier<@Nullable HealthContributor> anew,
            Translation translation,
            OneStack stacks) {
        return raw instanceof SubstituteIndicator substitute
                ? substitute.newCheck()
                : new IndicatorCheck(
                        () -> anew.get() instanceof HealthIndicator found ? found : null, translation, stacks);
    }

    @Override
    HealthContributor indicator(HealthContributor raw, CheckIndicator check) {
        if (raw instanceof SubstituteIndicator substitute) {
            substitute.registeredAs(check);
        }
        return check;
    }

    private record Composite(Views<HealthContributor, Entry>.Children children) implements CompositeHealthContributor {

        @Override
        public @Nullable HealthContributor getContributor(String name) {
            return children.of(name);
        }

        @Override
        public Stream<Entry> stream() {
            return children.all();
        }
    }
}
