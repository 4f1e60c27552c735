package dev.healthcheck.spring;

import dev.healthcheck.CheckOptions;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/** Asks an indicator of Spring. Finds it anew at each run, because some composites make new ones all the time. */
final class IndicatorCheck implements HealthCheck {
    /** Matches an exception as Spring's indicators show it: {@code java.io.IOException: no route}. */
    private static final Pattern EXCEPTION =
            Pattern.compile("\\p{javaJavaIdentifierPart}+\\.[\\p{javaJavaIdentifierPart}.]+: ");

    private final Supplier<@Nullable HealthIndicator> indicator;
    private final Translation translation;
    private final OneStack stacks;

    IndicatorCheck(Supplier<@Nullable HealthIndicator> indicator, Translation translation, OneStack stacks) {
        this.indicator = indicator;
        this.translation = translation;
        this.stacks = stacks;
    }

    @Override
    public CheckResult check() {
        HealthIndicator found = indicator.get();
        Health health = found == null ? null : found.health(true);
        if (found instanceof AbstractHealthIndicator && hasLogged(health)) {
            stacks.failed(this, found);
        } else {
            stacks.recovered(this);
        }
        return translation.resultOf(health);
    }

    /**
     * Returns whether the base class of an indicator has logged an exception. It puts the exception's class and message into
     * a detail, for which an indicator may have words of its own.
     */
    static boolean hasLogged(@Nullable Health health) {
        return health != null
                && !health.getStatus().equals(Status.UP)
                && health.getDetails().get("error") instanceof String error
                && EXCEPTION.matcher(error).lookingAt();
    }

    /** An interrupt closes channels that the application may share with the indicator, those of H2's files for instance. */
    @Override
    public CheckOptions options(CheckOptions defaults) {
        return foreign(defaults);
    }

    static CheckOptions foreign(CheckOptions defaults) {
        return defaults.dependency().interruptOnTimeout(false);
    }
}
