package dev.healthcheck;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The options of a check: how the registry runs it and what its verdict means. Immutable: every method returns a
 * changed copy.
 *
 * <p>Each layer changes the options of the layer before it: the registry's
 * {@linkplain HealthCheckRegistry.Builder#defaults defaults}, the options that the check
 * {@linkplain HealthCheck#options proposes}, the function that the user passes at registration, and that of
 * {@link HealthCheckRegistry.Builder#adjust adjust}.
 *
 * <pre>{@code
 * health.register("orders-db", JdbcHealthCheck.of(dataSource));                              // as the check proposes
 * health.register("cache", cacheCheck, o -> o.optional().timeout(Duration.ofMillis(300)));   // DOWN is only DEGRADED
 * health.register("users-db", JdbcHealthCheck.of(dataSource), o -> o.requiredToStart());    // until it was well once
 * health.register("disk", diskCheck, o -> o.every(Duration.ofSeconds(30)));                  // on a schedule
 * health.register("migrations", migrationCheck, o -> o.probes(Probe.STARTUP));               // until it passes
 * }</pre>
 *
 * <p>Registration throws an {@link IllegalArgumentException} if options contradict each other.
 */
@CheckReturnValue
public final class CheckOptions {
    static final Duration DEFAULT_TIMEOUT = Duration.ofMillis(800);
    private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);
    private static final String EXPECTED_PROBES = "LIVENESS, READINESS or STARTUP, and no null";

    final Set<Probe> probes;
    private final Need need;
    final Duration timeout;
    final Duration cacheFor;
    final @Nullable Duration every;
    final @Nullable Duration slowAfter;
    final int failureThreshold;
    final int successThreshold;
    final boolean interruptOnTimeout;
    final boolean dependency;
    final boolean allowInLiveness;
    /** The check has proposed {@code interruptOnTimeout(false)}. */
    private final boolean proposedNoInterrupt;
    // Set by the current layer. Two of one layer can contradict each other; a later layer replaces those of an earlier
    // one.
    private final boolean cacheForIsNew;
    private final boolean everyIsNew;
    private final boolean interruptIsNew;

    private CheckOptions(Draft draft) {
        probes = Collections.unmodifiableSet(draft.probes);
        need = draft.need;
        timeout = draft.timeout;
        cacheFor = draft.cacheFor;
        every = draft.every;
        slowAfter = draft.slowAfter;
        failureThreshold = draft.failureThreshold;
        successThreshold = draft.successThreshold;
        interruptOnTimeout = draft.interruptOnTimeout;
        dependency = draft.dependency;
        allowInLiveness = draft.allowInLiveness;
        proposedNoInterrupt = draft.proposedNoInterrupt;
        cacheForIsNew = draft.cacheForIsNew;
        everyIsNew = draft.everyIsNew;
        interruptIsNew = draft.interruptIsNew;
    }

    /** Returns the options from which a registry derives its defaults. */
    static CheckOptions initial(Duration answerWithin) {
        Draft draft = new Draft();
        if (answerWithin.compareTo(DEFAULT_TIMEOUT) < 0) {
            draft.timeout = answerWithin;
        }
        return new CheckOptions(draft);
    }

    /**
     * Makes the check required: its {@link Status#DOWN} makes the report {@link Status#DOWN}. This is the default.
     *
     * @return the changed copy
     */
    public CheckOptions required() {
        return with(draft -> draft.need = Need.ALWAYS);
    }

    /**
     * Makes the check optional: its {@link Status#DOWN} makes the report {@link Status#DEGRADED}.
     *
     * @return the changed copy
     */
    public CheckOptions optional() {
        return with(draft -> draft.need = Need.NEVER);
    }

    /**
     * Makes the check {@linkplain #required() required} until its first verdict that is not {@link Status#DOWN}, and
     * {@linkplain #optional() optional} from that verdict on. So an instance that has never reached its database gets no
     * traffic, and an outage of the database that all instances share does not take all of them out of the load balancer.
     *
     * <p>The verdict counts after thresholds. A DEGRADED result that the check has only deposited
     * ({@link Deadline#ifMissed}) does not make it optional. Of this method, {@link #required()} and {@link #optional()}
     * the last call counts. Not allowed in {@link Probe#LIVENESS}. A check that is unregistered and registered again is
     * required again.
     *
     * @return the changed copy
     */
    public CheckOptions requiredToStart() {
        return with(draft -> draft.need = Need.TO_START);
    }

    /**
     * Sets the probes to which the check belongs. Default: {@link Probe#READINESS}.
     *
     * @param first the first probe
     * @param more further probes
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
     * Sets the time that a run may take. A run that has not ended by then is overdue, and its check is
     * {@link Status#DOWN}, reason {@code timeout}. The time begins when the run is asked for, so waiting for a thread
     * counts. Default: 800 ms, or the registry's answer budget if that is shorter.
     *
     * @param timeout positive; at most the answer budget, unless the check runs {@link #every(Duration)}
     * @return the changed copy
     * @throws IllegalArgumentException if {@code timeout} is not positive
     */
    public CheckOptions timeout(Duration timeout) {
        Arguments.positive("timeout", timeout);
        return with(draft -> draft.timeout = timeout);
    }

    /**
     * Sets for how long after a run its verdict answers every question, so that the number of probers does not matter.
     * Default: 1 s. Ends the schedule of an earlier layer; not allowed in the same layer as {@link #every(Duration)}.
     *
     * @param cacheFor zero or more; with zero only callers that ask during a run share its verdict
     * @return the changed copy
     * @throws IllegalArgumentException if {@code cacheFor} is negative
     */
    public CheckOptions cacheFor(Duration cacheFor) {
        Arguments.notNegative("cacheFor", cacheFor);
        return with(draft -> {
            draft.cacheFor = cacheFor;
            draft.cacheForIsNew = true;
            draft.every = draft.everyIsNew ? draft.every : null;
        });
    }

    /**
     * Runs the check on a schedule instead of on demand. Default: on demand. Ends {@link #cacheFor(Duration)} of an earlier
     * layer; not allowed in the same layer as that. Use it for a check that is slow or costly,
     * and for one whose changes somebody wants to notice although nobody asks.
     *
     * <p>The first run starts at registration; the first runs of many checks are spread over at most half the answer
     * budget. Each further run starts one interval, 10 % more or less, after the end of the run before it, and after a
     * failed run at the latest 5 s (10 % more or less) after its end. A question that finds no verdict, or a verdict
     * that is too old, starts a run as well.
     *
     * @param interval at least 100 ms, and not below the timeout
     * @return the changed copy
     * @throws IllegalArgumentException if {@code interval} is below 100 ms
     */
    public CheckOptions every(Duration interval) {
        Arguments.atLeast("every", interval, SHORTEST_INTERVAL);
        return with(draft -> {
            draft.every = interval;
            draft.everyIsNew = true;
        });
    }

    /**
     * Sets the duration above which an {@link Status#UP} becomes {@link Status#DEGRADED}, reason {@code slow}. Default:
     * no limit.
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
     * Sets how many runs in a row must fail before the check is {@link Status#DOWN}. Default: 1. An overdue run fails
     * once at its deadline and once more for each further timeout that it lasts. The threshold does not apply to the
     * first verdict.
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
     * Sets how many runs in a row must succeed before {@link Status#DOWN} ends; until then the reason is
     * {@code recovering}. A run succeeds if its result is not {@link Status#DOWN}. Default: 1.
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
     * Sets whether the registry interrupts the thread of an overdue run. Default: true, which frees a thread that
     * sleeps or waits for a lock. Use false for a check that bounds itself, and for one whose library an interrupt
     * harms. Registration logs a warning if the check proposes false and a later layer says true.
     *
     * @param interrupt whether to interrupt
     * @return the changed copy
     */
    public CheckOptions interruptOnTimeout(boolean interrupt) {
        return with(draft -> {
            draft.interruptOnTimeout = interrupt;
            draft.interruptIsNew = true;
        });
    }

    /**
     * Marks the check as one that depends on something outside this process. Registration refuses such a check in
     * {@link Probe#LIVENESS}, where the outage of one database would restart every instance, and logs a warning in
     * {@link Probe#STARTUP}, as a failing startup probe restarts an instance, too. The library cannot see a dependency
     * that is not marked.
     *
     * @return the changed copy
     */
    public CheckOptions dependency() {
        return with(draft -> draft.dependency = true);
    }

    /**
     * Allows a {@linkplain #dependency() dependency} in {@link Probe#LIVENESS}.
     *
     * @return the changed copy
     */
    public CheckOptions allowInLiveness() {
        return with(draft -> draft.allowInLiveness = true);
    }

    /** Returns these as what a check proposes. */
    CheckOptions asProposal() {
        return with(draft -> draft.proposedNoInterrupt = interruptIsNew && !interruptOnTimeout)
                .asLayer();
    }

    /** Returns these as one layer, which the next layer may change, if this layer does not contradict itself. */
    CheckOptions asLayer() {
        Arguments.require(!cacheForIsNew || !everyIsNew, "cacheFor", cacheFor, "not together with every(...)");
        return with(draft -> {
            draft.cacheForIsNew = false;
            draft.everyIsNew = false;
            draft.interruptIsNew = false;
        });
    }

    /** Returns whether an overdue run is interrupted although the check has proposed that it is not. */
    boolean interruptsAgainstProposal() {
        return interruptOnTimeout && proposedNoInterrupt;
    }

    /** Returns these options if they do not contradict each other. */
    CheckOptions validated(Duration answerWithin) {
        if (every == null) {
            Arguments.require(
                    timeout.compareTo(answerWithin) <= 0, "timeout", timeout, "<= " + answerWithin + ", or every(...)");
        } else {
            Arguments.require(every.compareTo(timeout) >= 0, "every", every, ">= timeout " + timeout);
        }
        if (slowAfter != null) {
            Arguments.require(slowAfter.compareTo(timeout) < 0, "slowAfter", slowAfter, "< timeout " + timeout);
        }
        Arguments.require(
                !dependency || allowInLiveness || !probes.contains(Probe.LIVENESS),
                "probes",
                probes,
                "no dependency in LIVENESS: its outage would restart every instance; allowInLiveness() permits it");
        Arguments.require(
                !isRequiredToStart() || !probes.contains(Probe.LIVENESS),
                "probes",
                probes,
                "no requiredToStart() in LIVENESS: it decides about traffic, not about restarts; say required() or optional()");
        return this;
    }

    /** Returns whether DOWN of the check makes the report DOWN before the first verdict that is not DOWN. */
    boolean startsRequired() {
        return need != Need.NEVER;
    }

    /** Returns whether DOWN of the check makes the report DOWN only before the first verdict that is not DOWN. */
    boolean isRequiredToStart() {
        return need == Need.TO_START;
    }

    private CheckOptions with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return new CheckOptions(draft);
    }

    /** When DOWN of a check makes the report DOWN. */
    private enum Need {
        ALWAYS,
        TO_START,
        NEVER
    }

    private static final class Draft {
        Set<Probe> probes = EnumSet.of(Probe.READINESS);
        Need need = Need.ALWAYS;
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
        boolean proposedNoInterrupt;
        boolean cacheForIsNew;
        boolean everyIsNew;
        boolean interruptIsNew;

        Draft() {}

        Draft(CheckOptions options) {
            probes = options.probes;
            need = options.need;
            timeout = options.timeout;
            cacheFor = options.cacheFor;
            every = options.every;
            slowAfter = options.slowAfter;
            failureThreshold = options.failureThreshold;
            successThreshold = options.successThreshold;
            interruptOnTimeout = options.interruptOnTimeout;
            dependency = options.dependency;
            allowInLiveness = options.allowInLiveness;
            proposedNoInterrupt = options.proposedNoInterrupt;
            cacheForIsNew = options.cacheForIsNew;
            everyIsNew = options.everyIsNew;
            interruptIsNew = options.interruptIsNew;
        }
    }
}
