package dev.healthcheck.spring;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Shows reactive callers what {@code indicator} shows others. */
record ReactiveCheckIndicator(CheckIndicator indicator) implements ReactiveHealthIndicator {

    @Override
    public Mono<Health> health() {
        return health(true);
    }

    /** Asks once for each subscriber, and answers it on a thread of Reactor: a thread of the registry must not block. */
    @Override
    public Mono<Health> health(boolean includeDetails) {
        return Mono.defer(() -> Mono.fromFuture(indicator.healthAsync(includeDetails), true))
                .publishOn(Schedulers.parallel());
    }

    /** Does without {@code block()}, to which the default would lead. */
    @Override
    public HealthIndicator asHealthContributor() {
        return indicator;
    }
}
