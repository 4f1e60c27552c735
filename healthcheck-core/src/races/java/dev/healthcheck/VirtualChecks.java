package dev.healthcheck;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Checks and registries whose time and threads move only when an actor of a race says so. Unlike the VirtualRegistry of the
 * tests, it has no listener, and most races take a check of no registry, so that only what they are about is shared.
 */
final class VirtualChecks {
    static final Duration TIMEOUT = Duration.ofMillis(800);

    final RaceTime time = new RaceTime();
    final RaceWorkers workers = new RaceWorkers();
    final RegistryContext engine = new RegistryContext(time, () -> Instant.EPOCH, false, workers, null, 64);

    HealthCheckRegistry registry() {
        return HealthCheckRegistry.builder()
                .clock(() -> Instant.EPOCH)
                .internals(time, workers)
                .build();
    }

    /** A check of no registry. */
    RegisteredCheck check(HealthCheck check) {
        return check(check, UnaryOperator.identity());
    }

    RegisteredCheck check(HealthCheck check, UnaryOperator<CheckOptions> options) {
        CheckOptions initial = CheckOptions.initial(TIMEOUT).timeout(TIMEOUT);
        return new RegisteredCheck("db", check, options.apply(initial), engine);
    }

    /** Asks a check, of which no run is let run. */
    PendingAnswers ask(RegisteredCheck check) {
        return ask(check, false);
    }

    /** As {@link #ask}, but a verdict at hand is no answer. */
    PendingAnswers askAnew(RegisteredCheck check) {
        return ask(check, true);
    }

    private PendingAnswers ask(RegisteredCheck check, boolean anew) {
        PendingAnswers question = new PendingAnswers(null, new RegisteredCheck[] {check}, new CheckReport[1]);
        question.ask(anew, engine.now(), Nanos.FOREVER, engine);
        return question;
    }

    /** The answer; null if there is none yet. */
    @Nullable
    CheckReport answer(PendingAnswers question) {
        return question.isComplete() ? question.answers(Status.DOWN, engine.now())[0] : null;
    }

    /** The answer to a further question, all runs being let run; in words. */
    String nextAnswer(RegisteredCheck check) {
        time.advance(TIMEOUT.multipliedBy(2));
        PendingAnswers next = askAnew(check);
        workers.runAll();
        return word(answer(next));
    }

    /** A run of {@code check} that has begun and does not come back before its deadline; to be called. */
    Run overdueRun(RegisteredCheck check) {
        PendingAnswers question = askAnew(check);
        Run run = workers.takeRun();
        if (!run.begin()) {
            throw new AssertionError("it is in time");
        }
        time.advance(TIMEOUT);
        workers.runAll();
        word(answer(question));
        return run;
    }

    /** The run that is tried in place of one that is lost. */
    Run replacement() {
        time.advance(Duration.ofSeconds(60));
        return workers.takeRun();
    }

    /** A run of a check that has been UP, which will make readiness DOWN as {@code listener} is told. */
    Run failingRun(HealthCheckRegistry registry, HealthListener listener) {
        AtomicReference<CheckResult> answer = new AtomicReference<>(CheckResult.up());
        registry.addListener(listener);
        registry.register("db", () -> requireNonNull(answer.get()));
        askFor(registry);
        workers.runAll();
        answer.set(CheckResult.down("gone"));
        time.advance(TIMEOUT.multipliedBy(2));
        askFor(registry);
        return workers.takeRun();
    }

    private static void askFor(HealthCheckRegistry registry) {
        var unused = registry.checkAsync(Probe.READINESS);
    }

    /** A check whose first run, by schedule, is due that much later. */
    RegisteredCheck dueIn(Duration delay, HealthCheck check) {
        RegisteredCheck scheduled = check(check, o -> o.every(Duration.ofSeconds(10)));
        scheduled.schedule(delay.toNanos());
        return scheduled;
    }

    /** Asks a check and lets it run. */
    PendingAnswers begin(RegisteredCheck check) {
        PendingAnswers question = ask(check);
        workers.runAll();
        return question;
    }

    /** Returns whether there is such a check. */
    static boolean finds(HealthCheckRegistry registry, String name) {
        CompletableFuture<Optional<CheckReport>> answer = registry.checkAsync(name);
        return !answer.isDone() || answer.join().isPresent();
    }

    /** The reason, or the status if there is none. */
    static String word(@Nullable CheckReport report) {
        if (report == null) {
            return "no answer";
        }
        return report.reason() == null ? report.status().toString() : report.reason();
    }
}
