package dev.healthcheck.spring;

import dev.healthcheck.AsyncHealthCheck;
import dev.healthcheck.CheckOptions;
import dev.healthcheck.CheckResult;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.AbstractReactiveHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import reactor.core.publisher.Mono;

/** Asks a reactive indicator of Spring, as {@link IndicatorCheck} does. An overdue run is cancelled. */
final class ReactiveIndicatorCheck implements AsyncHealthCheck {
    private final Supplier<@Nullable ReactiveHealthIndicator> indicator;
    private final Translation translation;
    private final OneStack stacks;

    ReactiveIndicatorCheck(
            Supplier<@Nullable ReactiveHealthIndicator> indicator, Translation translation, OneStack stacks) {
        this.indicator = indicator;
        this.translation = translation;
        this.stacks = stacks;
    }

    @Override
    public CompletionStage<CheckResult> checkAsync() {
        ReactiveHealthIndicator found = indicator.get();
        Mono<Health> health = found == null ? Mono.empty() : found.health(true);
        return health.doOnNext(said -> note(found, said))
                .map(translation::resultOf)
                .switchIfEmpty(Mono.fromSupplier(() -> translation.resultOf(null)))
                .toFuture();
    }

    private void note(@Nullable ReactiveHealthIndicator found, Health health) {
        if (found instanceof AbstractReactiveHealthIndicator && IndicatorCheck.hasLogged(health)) {
            stacks.failed(this, found);
        } else {
            stacks.recovered(this);
        }
    }

    @Override
    public CheckOptions options(CheckOptions defaults) {
        return IndicatorCheck.foreign(defaults);
    }
}
