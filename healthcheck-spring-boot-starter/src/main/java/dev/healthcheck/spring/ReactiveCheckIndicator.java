package dev.healthcheck.spring;

import dev.healthcheck.CheckReport;
import dev.healthcheck.spring.Batches.Answer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
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

    /** Spring puts a whole answer together on one thread, so this may be part of a batch. Otherwise each subscriber asks. */
    @Override
    public Mono<Health> health(boolean includeDetails) {
        Answer asked = indicator.take();
        if (asked == null) {
            return later(indicator::ask, includeDetails);
        }
        return asked.isThere()
                ? Mono.justOrEmpty(indicator.healthOf(asked.await(), includeDetails))
                : later(asked::later, includeDetails);
    }

    /** Answers on a thread of Reactor: a thread of the registry must not block. */
    private Mono<Health> later(Supplier<CompletableFuture<Optional<CheckReport>>> report, boolean includeDetails) {
        return Mono.fromFuture(report, true)
                .publishOn(Schedulers.parallel())
                .mapNotNull(found -> indicator.healthOf(found.orElse(null), includeDetails));
    }

    /** Does without {@code block()}, to which the default would lead. */
    @Override
    public HealthIndicator asHealthContributor() {
        return indicator;
    }
}
