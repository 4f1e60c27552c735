package dev.healthcheck;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One report in the making, from the moment somebody asks for it: reads the fresh verdicts, asks the checks that have
 * none, and waits for these within the answer budget.
 */
final class ReportRequest {
    private final RegistryContext context;
    private final RegistryState state;
    private final Duration answerWithin;
    private final @Nullable Probe probe;
    private final long askedAt;
    private final CheckReport[] known;
    /** Null if all is known. */
    private final @Nullable PendingAnswers pending;

    /** Asks {@code checks} on behalf of {@code probe}, or of nobody if it is null. */
    ReportRequest(
            RegistryContext context,
            RegistryState state,
            Duration answerWithin,
            @Nullable Probe probe,
            RegisteredCheck[] checks) {
        this.context = context;
        this.state = state;
        this.answerWithin = answerWithin;
        this.probe = probe;
        askedAt = context.nanos();
        known = new CheckReport[checks.length];
        pending = state.isClosed() ? readLast(checks) : readFresh(checks);
    }

    private @Nullable PendingAnswers readLast(RegisteredCheck[] checks) {
        for (int i = 0; i < checks.length; i++) {
            known[i] = checks[i].last(probe, unknown());
        }
        return null;
    }

    private @Nullable PendingAnswers readFresh(RegisteredCheck[] checks) {
        boolean complete = true;
        for (int i = 0; i < checks.length; i++) {
            CheckReport fresh = checks[i].fresh(probe, askedAt);
            known[i] = fresh;
            complete &= fresh != null;
        }
        RegisteredCheck[] starting = probe == Probe.READINESS ? state.snapshot().starting(askedAt) : CheckSnapshot.NONE;
        return complete && starting.length == 0 ? null : ask(checks, starting);
    }

    /** Asks what is missing, and what readiness depends on without showing it. */
    private PendingAnswers ask(RegisteredCheck[] checks, RegisteredCheck[] starting) {
        RegisteredCheck[] all = Arrays.copyOf(checks, checks.length + starting.length);
        System.arraycopy(starting, 0, all, checks.length, starting.length);
        EnoughStack.require();
        PendingAnswers asked = new PendingAnswers(probe, all, Arrays.copyOf(known, all.length));
        context.retry();
        asked.ask(false, context.at(askedAt), askedAt + budget() * 7 / 8, context);
        if (asked.unasked() > 0) {
            context.sayUnasked(asked::unaskedInWords, answerWithin);
        }
        return asked;
    }

    /** Waits within the answer budget, and returns the answers in the order of the checks. */
    CheckReport[] await() {
        if (pending == null) {
            return known;
        }
        pending.await(Math.max(0, askedAt + budget() - context.nanos()), context.ticker());
        return answers(pending);
    }

    /** Returns what {@code then} makes of the answers, on a worker unless all are known by now. */
    <T> CompletableFuture<T> later(Function<CheckReport[], T> then) {
        if (pending == null) {
            return CompletableFuture.completedFuture(then.apply(known));
        }
        PendingAnswers asked = pending;
        Reply<T> reply = new Reply<>(context, () -> then.apply(answers(asked)));
        if (asked.giveWhenComplete(reply)) {
            reply.giveBy(askedAt + budget());
        } else {
            reply.give();
        }
        return reply.given();
    }

    /** Returns the report as an answer to somebody outside, which {@link LastAsked} and the drain count. */
    HealthReport report(CheckReport[] answers) {
        HealthReport report = uncounted(answers);
        state.answered(probe, report.reason(), askedAt + report.durationNanos(), report.timestamp());
        return report;
    }

    /** Returns the report for the application itself. */
    HealthReport uncounted(CheckReport[] answers) {
        String reason = state.reason(probe);
        if (reason == null && probe == Probe.READINESS && answers.length == 0) {
            context.sayEmpty();
        }
        long now = context.nanos();
        return new HealthReport(probe, reason, context.date(), now - askedAt, answers);
    }

    private long budget() {
        return Nanos.of(answerWithin);
    }

    private CheckReport[] answers(PendingAnswers asked) {
        CheckReport[] all = asked.answers(unknown(), context.now());
        return all.length == known.length ? all : Arrays.copyOf(all, known.length);
    }

    private Status unknown() {
        return unknown(probe);
    }

    /** Returns the status of a check of which nothing is known: missing evidence must not restart the process. */
    static Status unknown(@Nullable Probe probe) {
        return probe == Probe.LIVENESS ? Status.UP : Status.DOWN;
    }
}
