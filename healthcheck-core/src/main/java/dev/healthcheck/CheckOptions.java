package dev.healthcheck;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a check is run and what its verdict means. Immutable: every method returns a changed copy.
 *
 * <p>Options are layered: the registry's {@linkplain HealthCheckRegistry.Builder#defaults defaults}, then what the
 * check {@linkplain HealthCheck#options proposes}, then what the user says at registration. What contradicts itself is
 * refused at registration.
 */
@CheckReturnValue
public final class CheckOptions {
    static final Duration DEFAULT_TIMEOUT = Duration.ofMillis(800);
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);
    private static final String EXPECTED_PROBES = "LIVENESS, READINESS or STARTUP, and no null";

    final Set<Probe> probes;
    final boolean required;
    final Duration timeout;
    final Duration cacheFor;
    final @Nullable Duration every;
    final @Nullable Duration slowAfter;
    final int failureThreshold;
    final int successThreshold;
    final boolean interruptOnTimeout;
    final boolean dependency;
    final boolean allowInLiveness;
    /** Whether the cache time is configured for this check, not for all: only then it contradicts a schedule. */
    private final boolean cacheForConfigured;

    private CheckOptions(Draft draft) {
        probes = Collections.unmodifiableSet(draft.probes);
        required = draft.required;
        timeout = draft.timeout;
        cacheFor = draft.cacheFor;
        every = draft.every;
        slowAfter = draft.slowAfter;
        failureThreshold = draft.failureThreshold;
        successThreshold = draft.successThreshold;
        interruptOnTimeout = draft.interruptOnTimeout;
        dependency = draft.dependency;
        allowInLiveness = draft.allowInLiveness;
        cacheForConfigured = draft.cacheForConfigured;
    }

    /** What all options of a registry are derived from. */
    static CheckOptions initial(Duration answerWithin) {
        Draft draft = new Draft();
        if (answerWithin.compareTo(DEFAULT_TIMEOUT) < 0) {
            draft.timeout = answerWithin;
        }
        return new CheckOptions(draft);
    }

    /**
     * {@link Status#DOWN} makes the whole report {@link Status#DOWN}. So it is if not said.
     *
     * @return the changed copy
     */
    public CheckOptions required() {
        return with(draft -> draft.required = true);
    }

    /**
     * {@link Status#DOWN} makes the whole report only {@link Status#DEGRADED}.
     *
     * @return the changed copy
     */
    public CheckOptions optional() {
        return with(draft -> draft.required = false);
    }

    /**
     * The probes this check belongs to. {@link Probe#READINESS} if not said.
     *
     * @param first one of them
     * @param more the others
     * @return the changed copy
     */
    public CheckOptions probes(Probe first, Probe... more) {
        Set<Probe> probes = EnumSet.noneOf(Probe.class);
        probes.add(Arguments.notNull("probes", first, EXPECTED_PROBES));
        for (Probe probe : Arguments.notNull("probes", more, EXPECTED_PROBES)) {
            probes.add(Arguments.notNull("probes", probe, EXPECTED_PROBES));
        }
        return with(draft -> draft.probes = probes);
    }

    /**
     * When a run is overdue and its check {@link Status#DOWN}, reason {@code timeout}; counted from when the run was
     * asked for. 800 ms if not said, or the registry's answer budget if that is shorter.
     *
     * @param timeout positive; above the answer budget only for a check that runs {@link #every(Duration)}
     * @return the changed copy
     * @throws IllegalArgumentException if {@code timeout} is not positive
     */
    public CheckOptions timeout(Duration timeout) {
        Arguments.positive("timeout", timeout);
        return with(draft -> draft.timeout = timeout);
    }

    /**
     * For how long after its run a verdict is the answer to every question, so that the number of probers does not
     * matter. One second if not said.
     *
     * @param cacheFor zero or more; with zero, only those who ask during a run share it
     * @return the changed copy
     * @throws IllegalArgumentException if {@code cacheFor} is negative
     */
    public CheckOptions cacheFor(Duration cacheFor) {
        Arguments.notNegative("cacheFor", cacheFor);
        return with(draft -> {
            draft.cacheFor = cacheFor;
            draft.cacheForConfigured = true;
        });
    }

    /**
     * Runs the check on a schedule instead of when somebody asks: first at registration (many at once are spread over
     * half the answer budget at most), then this long after the end of each run, 10 % more or less; after a failed run no
     * later than 5 seconds. A question that finds no verdict, or one that is too old, starts a run as well. For checks that are slow or costly,
     * and for those whose changes shall be noticed when nobody asks.
     *
     * @param interval at least 100 ms, and not below the timeout
     * @return the changed copy
     * @throws IllegalArgumentException if {@code interval} is below 100 ms
     */
    public CheckOptions every(Duration interval) {
        Arguments.atLeast("every", interval, SHORTEST_INTERVAL);
        return with(draft -> draft.every = interval);
    }

    /**
     * An {@link Status#UP} that took longer is {@link Status#DEGRADED}, reason {@code slow}. Never if not said.
     *
     * @param limit positive, and below the timeout
     * @return the changed copy
     * @throws IllegalArgumentException if {@code limit} is not positive
     */
    public CheckOptions slowAfter(Duration limit) {
        Arguments.positive("slowAfter", limit);
        return with(draft -> draft.slowAfter = limit);
    }

    /**
     * How many runs in a row must fail to turn the check {@link Status#DOWN}. One if not said. An overdue run fails
     * once at its deadline and once more for each further timeout that it lasts. The very first verdict is taken as it
     * comes.
     *
     * @param runs at least 1
     * @return the changed copy
     * @throws IllegalArgumentException if {@code runs} is below 1
     */
    public CheckOptions failureThreshold(int runs) {
        Arguments.positive("failureThreshold", runs);
        return with(draft -> draft.failureThreshold = runs);
    }

    /**
     * How many runs in a row must not fail to end {@link Status#DOWN}; until then its reason is {@code recovering}. One
     * if not said.
     *
     * @param runs at least 1
     * @return the changed copy
     * @throws IllegalArgumentException if {@code runs} is below 1
     */
    public CheckOptions successThreshold(int runs) {
        Arguments.positive("successThreshold", runs);
        return with(draft -> draft.successThreshold = runs);
    }

    /**
     * Whether the thread of an overdue run is interrupted. So it is if not said: it frees a thread that sleeps or waits
     * for a lock. False for checks that bound themselves, and for those whose library an interrupt harms.
     *
     * @param interrupt whether to interrupt
     * @return the changed copy
     */
    public CheckOptions interruptOnTimeout(boolean interrupt) {
        return with(draft -> draft.interruptOnTimeout = interrupt);
    }

    /**
     * Says that the check asks about something outside this process. Such a check is refused in
     * {@link Probe#LIVENESS}, where the outage of one database would restart every instance; in {@link Probe#STARTUP}
     * it is a warning in the log, for a failing startup probe kills too. A seat belt, not a proof: a lambda can hide a
     * dependency.
     *
     * @return the changed copy
     */
    public CheckOptions dependency() {
        return with(draft -> draft.dependency = true);
    }

    /**
     * Allows a {@linkplain #dependency() dependency} in {@link Probe#LIVENESS} all the same.
     *
     * @return the changed copy
     */
    public CheckOptions allowInLiveness() {
        return with(draft -> draft.allowInLiveness = true);
    }

    /** These as the defaults of all checks: a cache time among them does not contradict one check's schedule. */
    CheckOptions asDefaults() {
        return with(draft -> draft.cacheForConfigured = false);
    }

    /** Returns these options if they do not contradict each other. */
    CheckOptions validated(Duration answerWithin) {
        if (every == null) {
            Arguments.require(
                    timeout.compareTo(answerWithin) <= 0, "timeout", timeout, "<= " + answerWithin + ", or every(...)");
        } else {
            Arguments.require(!cacheForConfigured, "cacheFor", cacheFor, "not together with every(...)");
            Arguments.require(every.compareTo(timeout) >= 0, "every", every, ">= timeout " + timeout);
        }
        if (slowAfter != null) {
            Arguments.require(slowAfter.compareTo(timeout) < 0, "slowAfter", slowAfter, "< timeout " + timeout);
        }
        Arguments.require(
                !dependency || allowInLiveness || !probes.contains(Probe.LIVENESS),
                "probes",
                probes,
                "no dependency in LIVENESS: its outage would restart every instance; allowInLiveness() if it must be");
        return this;
    }

    private CheckOptions with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return new CheckOptions(draft);
    }

    private static final class Draft {
        Set<Probe> probes = EnumSet.of(Probe.READINESS);
        boolean required = true;
        Duration timeout = DEFAULT_TIMEOUT;
        Duration cacheFor = Duration.ofSeconds(1);

        @Nullable
        Duration every;

        @Nullable
        Duration slowAfter;

        int failureThreshold = 1;
        int successThreshold = 1;
        boolean interruptOnTimeout = true;
        boolean dependency;
        boolean allowInLiveness;
        boolean cacheForConfigured;

        Draft() {}

        Draft(CheckOptions options) {
            probes = options.probes;
            required = options.required;
            timeout = options.timeout;
            cacheFor = options.cacheFor;
            every = options.every;
            slowAfter = options.slowAfter;
            failureThreshold = options.failureThreshold;
            successThreshold = options.successThreshold;
            interruptOnTimeout = options.interruptOnTimeout;
            dependency = options.dependency;
            allowInLiveness = options.allowInLiveness;
            cacheForConfigured = options.cacheForConfigured;
        }
    }
}
