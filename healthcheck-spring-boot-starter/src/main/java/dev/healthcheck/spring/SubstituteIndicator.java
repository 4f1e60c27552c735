package dev.healthcheck.spring;

import dev.healthcheck.HealthCheck;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * A check of this library in the place of an indicator of Spring Boot. Thread-safe.
 *
 * <p>It runs in the registry only. The view of it that Spring gets is the indicator of that check; this object passes the
 * questions of callers on that got the bean itself.
 */
final class SubstituteIndicator implements HealthIndicator {
    private final String property;
    private final Supplier<HealthCheck> checks;
    private volatile @Nullable CheckIndicator registered;

    /**
     * Makes an indicator.
     *
     * @param property the property that leaves the place to Spring's indicator if it is false
     * @param checks makes a check for each registration, because the registry closes the check of an earlier one
     */
    SubstituteIndicator(String property, Supplier<HealthCheck> checks) {
        this.property = property;
        this.checks = checks;
    }

    /** Arranges checks as contributors of Spring, each with {@code property}. */
    static Arrangement<HealthContributor> arrangement(String property) {
        return new Arrangement<>() {

            @Override
            public HealthContributor one(Supplier<HealthCheck> check) {
                return new SubstituteIndicator(property, check);
            }

            @Override
            public HealthContributor several(Map<String, HealthContributor> each) {
                return CompositeHealthContributor.fromMap(each);
            }
        };
    }

    String property() {
        return property;
    }

    HealthCheck newCheck() {
        return checks.get();
    }

    void registeredAs(CheckIndicator indicator) {
        registered = indicator;
    }

    @Override
    public @Nullable Health health() {
        return health(true);
    }

    @Override
    public @Nullable Health health(boolean includeDetails) {
        CheckIndicator found = registered;
        return found == null ? Health.unknown().build() : found.health(includeDetails);
    }
}
