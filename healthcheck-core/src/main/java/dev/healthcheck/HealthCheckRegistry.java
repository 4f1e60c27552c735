package dev.healthcheck;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Knows the checks of an application, runs them and answers for them: always in time, whatever they do. Thread-safe;
 * usually one for each application.
 *
 * <p>Checks run in parallel on daemon threads of the registry, at most one run of each at a time, however many ask. A
 * verdict is reused for a moment ({@link CheckOptions#cacheFor}) or made on a schedule ({@link CheckOptions#every}).
 * A run that is not over at its deadline is {@link Status#DOWN}, reason {@code timeout}; while it goes on the check is
 * {@code stuck}. After 60 seconds, and twice that later, a replacement is tried; so a check that hangs for good costs
 * at most three threads.
 *
 * <pre>{@code
 * HealthCheckRegistry health = HealthCheckRegistry.create();
 * health.register("queue", () -> queue.size() < 1000 ? CheckResult.up() : CheckResult.down("too long"));
 * HealthReport report = health.check(Probe.READINESS);
 * }</pre>
 */
public final class HealthCheckRegistry implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    /** Words that are or may become paths beside the checks' names. */
    private static final Set<String> RESERVED = Set.of(
            "live", "ready", "startup", "liveness", "readiness", "started", "livez", "readyz", "startupz", "healthz");

    private final RegistryContext context;
    private final Duration answerWithin;
    private final CheckOptions defaults;
    private final RegistryState state;

    private HealthCheckRegistry(Builder builder, Timer timer, Workers workers) {
        context = new RegistryContext(timer, builder.clock, builder.clockIsForeign, workers, builder.executor);
        answerWithin = builder.answerWithin;
        defaults = requireNonNull(builder.defaults.apply(CheckOptions.initial(answerWithin)), "defaults")
                .asDefaults();
        state = new RegistryState(timer);
        answerNow(null); // what an answer needs is loaded here, and not on some caller's last bit of stack
    }

    /**
     * A registry with the default settings.
     *
     * @return the registry
     */
    public static HealthCheckRegistry create() {
        return builder().build();
    }

    /**
     * For a registry with other settings.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Registers a check with the options that it proposes, or the registry's defaults.
     *
     * @param name {@code [A-Za-z0-9][A-Za-z0-9._-]{0,63}}, unique, public; not a word for a probe ({@code live},
     *     {@code ready}, {@code startup} and their like)
     * @param check the check; an {@link AsyncHealthCheck} holds no thread while it waits
     * @return the registration
     * @throws IllegalArgumentException if the name is taken or not of that form, or the options contradict themselves
     * @throws IllegalStateException if the registry is closed
     */
    public Registration register(String name, HealthCheck check) {
        return register(name, check, UnaryOperator.identity());
    }

    /**
     * Registers a check.
     *
     * @param name as in {@link #register(String, HealthCheck)}
     * @param check the check
     * @param options derives the check's options from those that it proposes, and has the last word
     * @return the registration
     * @throws IllegalArgumentException if the name is taken or not of that form, or the options contradict themselves
     * @throws IllegalStateException if the registry is closed
     */
    public Registration register(String name, HealthCheck check, UnaryOperator<CheckOptions> options) {
        requireName(name);
        Arguments.notNull("check", check, "a check");
        Arguments.notNull("options", options, "a function from options to options");
        CheckOptions chosen = options(name, check, options);
        context.retry();
        RegisteredCheck registered = new RegisteredCheck(name, check, chosen, context);
        add(registered);
        if (chosen.dependency && chosen.probes.contains(Probe.STARTUP)) {
            context.events()
                    .say(log -> log.warn(
                            "{} is a dependency and a startup check: if it is down while this instance starts, the"
                                    + " instance may be killed for it",
                            name));
        }
        if (registered.isScheduled()) {
            schedule(registered);
        }
        return new Handle(registered);
    }

    /**
     * Registers an asynchronous check that is a lambda. The same as {@link #register(String, HealthCheck)}.
     *
     * @param name as there
     * @param check the check
     * @return the registration
     * @throws IllegalArgumentException as there
     * @throws IllegalStateException as there
     */
    public Registration registerAsync(String name, AsyncHealthCheck check) {
        return register(name, check);
    }

    /**
     * Registers an asynchronous check that is a lambda. The same as
     * {@link #register(String, HealthCheck, UnaryOperator)}.
     *
     * @param name as there
     * @param check the check
     * @param options as there
     * @return the registration
     * @throws IllegalArgumentException as there
     * @throws IllegalStateException as there
     */
    public Registration registerAsync(String name, AsyncHealthCheck check, UnaryOperator<CheckOptions> options) {
        return register(name, check, options);
    }

    /**
     * Answers for a probe, waiting for the checks that need a run, but never longer than the answer budget. What is not
     * known then is {@link Status#DOWN}, reason {@code pending}; {@link Status#UP} in {@link Probe#LIVENESS}, for the
     * absence of evidence must not kill. A scheduled check whose last verdict is older than three intervals and the
     * timeout gets a run; if that has not ended then, it is {@link Status#DOWN}, reason {@code stale}, and in liveness the
     * last verdict stands. A check that asks for itself is told so ({@code asks-itself}) and does not wait for itself.
     *
     * <p>A caller without stack or heap may get an {@link Error}; nothing changes for others.
     *
     * @param probe what is asked
     * @return the report; a caller that is interrupted waits all the same and finds its flag set
     */
    public HealthReport check(Probe probe) {
        return answerNow(requireNonNull(probe, "probe"));
    }

    /**
     * Answers for all checks, as {@link #check(Probe)} does for some.
     *
     * @return the report
     */
    public HealthReport check() {
        return answerNow(null);
    }

    /**
     * Answers for one check, as {@link #check(Probe)} does for some.
     *
     * @param name of the check
     * @return empty if there is no such check
     */
    public Optional<CheckReport> check(String name) {
        RegisteredCheck check = state.snapshot().find(name);
        if (check == null) {
            return Optional.empty();
        }
        ReportRequest request = request(null, new RegisteredCheck[] {check});
        return Optional.of(request.await()[0]);
    }

    /**
     * As {@link #check(Probe)}, without waiting.
     *
     * @param probe what is asked
     * @return completes within the answer budget, and normally unless there is no memory for the report; on a thread of the registry unless it is complete
     *     when returned. All who wait for the same run are told on one thread, one after the other, so dependents should
     *     not block. It is the caller's own: to cancel it touches nothing else.
     */
    public CompletableFuture<HealthReport> checkAsync(Probe probe) {
        return answerLater(requireNonNull(probe, "probe"));
    }

    /**
     * As {@link #check()}, without waiting.
     *
     * @return as {@link #checkAsync(Probe)}
     */
    public CompletableFuture<HealthReport> checkAsync() {
        return answerLater(null);
    }

    /**
     * As {@link #check(String)}, without waiting.
     *
     * @param name of the check
     * @return as {@link #checkAsync(Probe)}
     */
    public CompletableFuture<Optional<CheckReport>> checkAsync(String name) {
        RegisteredCheck check = state.snapshot().find(name);
        if (check == null) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        ReportRequest request = request(null, new RegisteredCheck[] {check});
        return request.later(answers -> Optional.of(answers[0]));
    }

    /**
     * Says that this instance is about to stop: from now on, for good, readiness and the overall report are
     * {@link Status#DOWN}, reason {@code draining}. Liveness is unchanged and checks go on. Idempotent.
     */
    public void drain() {
        if (state.drain()) {
            context.events().quiet();
            context.events().say(log -> log.info("draining: readiness is DOWN from now on"));
        }
    }

    /**
     * Waits until others may have noticed that this instance is {@linkplain #drain() draining}: until so many reports
     * were given out that say so, of which one is counted each second, and {@code atLeast} has passed; or until
     * {@code atMost} has. A hint, not a proof: who asked is not known.
     *
     * @param reports how many; zero or more
     * @param atLeast from now; zero or more
     * @param atMost from now; not below {@code atLeast}
     * @return whether so many reports were given out; false if the registry is closed meanwhile, which ends the wait
     * @throws IllegalStateException if {@link #drain()} was not called, or the registry is closed
     * @throws InterruptedException if the calling thread is interrupted
     */
    public boolean awaitDrainSeen(int reports, Duration atLeast, Duration atMost) throws InterruptedException {
        Arguments.require(reports >= 0, "reports", reports, ">= 0");
        Arguments.notNegative("atLeast", atLeast);
        Arguments.atLeast("atMost", atMost, atLeast);
        return state.awaitDrainSeen(reports, atLeast, atMost);
    }

    /**
     * From now on tells {@code listener} what happens to checks.
     *
     * @param listener is told until it is removed or the registry is closed
     */
    public void addListener(HealthListener listener) {
        context.events().addListener(requireNonNull(listener, "listener"));
    }

    /**
     * Tells {@code listener} no more, but for what is being told at this moment.
     *
     * @param listener if it was not added, nothing happens
     */
    public void removeListener(HealthListener listener) {
        context.events().removeListener(requireNonNull(listener, "listener"));
    }

    /**
     * Ends all checks: no run starts any more, those in progress are interrupted (unless their options say no) and
     * waited for, one second in all. Closes the checks that are {@link AutoCloseable}. Afterwards readiness and the
     * overall report are {@link Status#DOWN}, reason {@code closed}; liveness stays as last known, for the port may be
     * open longer than the registry. No thread of the registry remains but those of runs that do not end; how many there
     * are, and of which checks, is logged once. Idempotent; called from a check or a listener, it does not wait.
     */
    @Override
    public void close() {
        EnoughStack.require();
        CheckSnapshot last = state.close();
        if (last == null) {
            return;
        }
        context.events().quiet();
        try {
            for (RegisteredCheck check : last.all()) {
                check.remove();
            }
        } finally {
            context.close();
        }
    }

    private ReportRequest request(@Nullable Probe probe, RegisteredCheck[] checks) {
        return new ReportRequest(context, state, answerWithin, probe, checks);
    }

    private HealthReport answerNow(@Nullable Probe probe) {
        ReportRequest request = request(probe, state.snapshot().of(probe));
        return request.report(request.await());
    }

    private CompletableFuture<HealthReport> answerLater(@Nullable Probe probe) {
        ReportRequest request = request(probe, state.snapshot().of(probe));
        return request.later(request::report);
    }

    /** Returns the options of a check that is being registered. Whatever refuses them, the message names the check. */
    private CheckOptions options(String name, HealthCheck check, UnaryOperator<CheckOptions> options) {
        try {
            CheckOptions proposed = Arguments.notNull("options", check.options(defaults), "what the check proposes");
            return Arguments.notNull("options", options.apply(proposed), "the changed copy")
                    .validated(answerWithin);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
        } catch (NullPointerException e) {
            NullPointerException named = new NullPointerException(name + ": " + e.getMessage());
            named.initCause(e);
            throw named;
        }
    }

    private void add(RegisteredCheck check) {
        try {
            state.add(check);
        } catch (Throwable t) {
            check.discard();
            throw t;
        }
    }

    /** All or nothing: whoever gets an Error from here has registered nothing. */
    private void schedule(RegisteredCheck check) {
        try {
            check.schedule(context.planFirstRun(Nanos.of(answerWithin) / 2));
        } catch (Throwable t) {
            remove(check);
            throw t;
        }
    }

    private void remove(RegisteredCheck check) {
        EnoughStack.require();
        if (!state.remove(check)) {
            return;
        }
        check.remove();
        if (check.isOverdue()) {
            context.events()
                    .say(log -> log.info(
                            "{} is unregistered; a run of it goes on, and its thread ends with that", check.name()));
        }
    }

    private static void requireName(String name) {
        String quoted = '"' + PlainText.cut(Arguments.notNull("name", name, NAME.pattern())) + '"';
        Arguments.require(NAME.matcher(name).matches(), "name", quoted, NAME.pattern());
        Arguments.require(
                !RESERVED.contains(name.toLowerCase(Locale.ROOT)),
                "name",
                quoted,
                "not a word that stands for a probe");
    }

    /** What the user holds of a registered check. */
    private final class Handle implements Registration {
        private final RegisteredCheck check;

        Handle(RegisteredCheck check) {
            this.check = check;
        }

        @Override
        public String name() {
            return check.name();
        }

        @Override
        public CheckReport runNow() {
            if (check.isRemoved()) {
                throw new IllegalStateException("registration: " + name() + " is closed (expected: open)");
            }
            return check.runNow();
        }

        @Override
        public void close() {
            remove(check);
        }

        @Override
        public String toString() {
            return "registration of " + name();
        }
    }

    /** Makes registries. Not thread-safe. */
    public static final class Builder {
        private Duration answerWithin = Duration.ofMillis(900);
        private UnaryOperator<CheckOptions> defaults = UnaryOperator.identity();
        private @Nullable Executor executor;
        private InstantSource clock = InstantSource.system();
        private boolean clockIsForeign;
        private @Nullable Timer timer;
        private @Nullable Workers workers;

        private Builder() {}

        /**
         * How long a question may take, whatever the checks do: the answer budget. 900 ms if not said, which is below
         * the one second after which a kubelet gives up.
         *
         * @param budget positive
         * @return this
         * @throws IllegalArgumentException if {@code budget} is not positive
         */
        public Builder answerWithin(Duration budget) {
            Arguments.positive("answerWithin", budget);
            answerWithin = budget;
            return this;
        }

        /**
         * The options that hold for every check unless it or its registration says otherwise.
         *
         * @param options derives them from the library's own
         * @return this
         */
        public Builder defaults(UnaryOperator<CheckOptions> options) {
            defaults = requireNonNull(options, "options");
            return this;
        }

        /**
         * Runs the checks on threads of the caller's instead of the registry's own. Its threads must be free when a
         * check has to run: the time for which a run waits for a thread counts. It must not run tasks on the thread
         * that calls it; should it do so, that is a thread of the registry, and a warning in the log. What it refuses
         * is {@link Status#DOWN}, reason {@code rejected}.
         *
         * @param executor is never shut down
         * @return this
         */
        public Builder executor(Executor executor) {
            this.executor = requireNonNull(executor, "executor");
            return this;
        }

        /**
         * Where dates come from. The system clock if not said. No verdict depends on it. Must not block.
         *
         * @param clock tells dates
         * @return this
         */
        public Builder clock(InstantSource clock) {
            this.clock = requireNonNull(clock, "clock");
            clockIsForeign = true;
            return this;
        }

        /** The time that decides and the registry's own threads, for tests; their clock does not block. */
        Builder internals(Timer timer, Workers workers) {
            clockIsForeign = false;
            this.timer = timer;
            this.workers = workers;
            return this;
        }

        /**
         * Makes a registry with these settings. It starts no thread before it needs one. Registries made by the same
         * builder share nothing but what the builder was given.
         *
         * @return a new registry, to be closed by the caller
         */
        public HealthCheckRegistry build() {
            return new HealthCheckRegistry(
                    this, timer == null ? new SystemTimer() : timer, workers == null ? new Workers() : workers);
        }
    }
}
