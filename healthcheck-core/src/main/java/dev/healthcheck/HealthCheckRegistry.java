package dev.healthcheck;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Runs the checks of an application and answers for them: always in time, whatever the checks do. Thread-safe. An
 * application usually has one registry.
 *
 * <p>Checks run in parallel on daemon threads of the registry, each in at most one run at a time, however many callers
 * ask. The registry reuses a verdict for a moment ({@link CheckOptions#cacheFor}) or runs the check on a schedule
 * ({@link CheckOptions#every}). A check whose run has not ended at its deadline is {@link Status#DOWN}, reason
 * {@code timeout}; while the run goes on the reason is {@code stuck}. The registry tries a replacement run 60 s after
 * the deadline, and a second one 120 s after the deadline of the first; so a check that hangs for good costs at most
 * three threads.
 *
 * <p>{@link #check(Probe)} answers a prober, and runs what has no fresh verdict. {@link #latest(Probe)} only reads what
 * is known by now, for metrics and the like.
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
    private final BiFunction<String, CheckOptions, CheckOptions> adjust;
    private final RegistryState state;
    private final LatestReports latest;

    private HealthCheckRegistry(Builder builder, Timer timer, Workers workers) {
        context = new RegistryContext(
                timer, builder.clock, builder.clockIsForeign, workers, builder.executor, builder.mostUntold);
        answerWithin = builder.answerWithin;
        defaults = requireNonNull(builder.defaults.apply(CheckOptions.initial(answerWithin)), "defaults")
                .asLayer();
        adjust = builder.adjust;
        state = new RegistryState(timer, context.events());
        latest = new LatestReports(context, state);
        // what an answer needs is loaded here, and not on some caller's last bit of stack
        var first = new ReportRequest(
                context, new RegistryState(timer, context.events()), answerWithin, null, CheckSnapshot.NONE);
        var unused = first.report(first.await());
    }

    /**
     * Returns a new registry with the default settings.
     *
     * @return a new registry, to be closed by the caller
     */
    public static HealthCheckRegistry create() {
        return builder().build();
    }

    /**
     * Returns a builder for a registry with other settings.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Registers a check with the options that it {@linkplain HealthCheck#options proposes}; by default these are the
     * registry's.
     *
     * @param name a text that matches {@code [A-Za-z0-9][A-Za-z0-9._-]{0,63}}, unique, and not a word for a probe in
     *     any case ({@code live}, {@code ready}, {@code startup}, {@code liveness}, {@code readiness}, {@code started},
     *     {@code livez}, {@code readyz}, {@code startupz}, {@code healthz}); everybody may see it
     * @param check the check; an {@link AsyncHealthCheck} holds no thread while it waits
     * @return the registration
     * @throws IllegalArgumentException if the name is taken or not of that form, or options contradict each other
     * @throws IllegalStateException if the registry is closed
     */
    public Registration register(String name, HealthCheck check) {
        return register(name, check, UnaryOperator.identity());
    }

    /**
     * Registers a check with options.
     *
     * @param name as in {@link #register(String, HealthCheck)}
     * @param check the check
     * @param options returns the check's options, given those that it proposes
     * @return the registration
     * @throws IllegalArgumentException if the name is taken or not of that form, or options contradict each other
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
                            "{} is a dependency and a startup check: if it is DOWN while this instance starts, the"
                                    + " orchestrator may kill the instance",
                            name));
        }
        if (chosen.interruptsAgainstProposal()) {
            context.events()
                    .say(log -> log.warn(
                            "{}: interruptOnTimeout(true), although the check proposes false: an interrupt may harm"
                                    + " what the check uses",
                            name));
        }
        if (registered.isScheduled()) {
            schedule(registered);
        }
        return new Handle(registered);
    }

    /**
     * Registers an asynchronous check, which may be a lambda. Otherwise the same as
     * {@link #register(String, HealthCheck)}, with which a lambda would be ambiguous.
     *
     * @param name as in {@link #register(String, HealthCheck)}
     * @param check the check
     * @return the registration
     * @throws IllegalArgumentException as {@link #register(String, HealthCheck)}
     * @throws IllegalStateException if the registry is closed
     */
    public Registration registerAsync(String name, AsyncHealthCheck check) {
        return register(name, check);
    }

    /**
     * Registers an asynchronous check, which may be a lambda, with options. Otherwise the same as
     * {@link #register(String, HealthCheck, UnaryOperator)}.
     *
     * @param name as in {@link #register(String, HealthCheck)}
     * @param check the check
     * @param options returns the check's options, given those that it proposes
     * @return the registration
     * @throws IllegalArgumentException as {@link #register(String, HealthCheck)}
     * @throws IllegalStateException if the registry is closed
     */
    public Registration registerAsync(String name, AsyncHealthCheck check, UnaryOperator<CheckOptions> options) {
        return register(name, check, options);
    }

    /**
     * Returns the report for a probe. Waits for the checks that need a run, but never longer than the
     * {@linkplain Builder#answerWithin answer budget}. An interrupt does not end the wait, and the thread's interrupt
     * flag is set on return.
     *
     * <p>A check of which nothing is known at the end of the budget is {@link Status#DOWN}, reason {@code pending}; in
     * {@link Probe#LIVENESS} it is {@link Status#UP}, as missing evidence must not restart an instance. A scheduled
     * check whose last verdict is older than three intervals and the timeout gets a run. If that run has not ended at
     * the end of the budget, the check is {@link Status#DOWN}, reason {@code stale}; in liveness its last verdict
     * holds. A check that asks the registry for itself during its run does not wait for itself: the answer is
     * {@link Status#DOWN}, reason {@code asks-itself}.
     *
     * <p>A caller whose own stack or heap is exhausted may get an {@link Error}. No other caller notices.
     *
     * @param probe the probe
     * @return the report
     */
    public HealthReport check(Probe probe) {
        return answerNow(requireNonNull(probe, "probe"));
    }

    /**
     * Returns the report for all checks, otherwise as {@link #check(Probe)}.
     *
     * @return the report
     */
    public HealthReport check() {
        return answerNow(null);
    }

    /**
     * Returns the report for one check, otherwise as {@link #check(Probe)}.
     *
     * @param name the name of the check
     * @return the report; empty if there is no such check
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
     * Returns the reports of some checks: one question with one answer budget, otherwise as {@link #check(Probe)}.
     *
     * @param names the names of the checks
     * @return an unmodifiable list in the order of {@code names}. It leaves out names that are not registered, as a check
     *     may just have been unregistered. A name that stands twice has one report, at its first place
     */
    public List<CheckReport> check(Collection<String> names) {
        return listed(request(null, state.snapshot().find(names)).await());
    }

    /**
     * Returns the report of {@link #check(Probe)} without waiting for it.
     *
     * @param probe the probe
     * @return a future that completes within the answer budget, and normally unless there is no memory for the report.
     *     It is complete on return, or a thread of the registry completes it. One thread completes the futures of all
     *     callers that wait for the same run, one after the other, so dependent actions should not block. The future
     *     belongs to the caller: its cancellation affects nothing else.
     */
    public CompletableFuture<HealthReport> checkAsync(Probe probe) {
        return answerLater(requireNonNull(probe, "probe"));
    }

    /**
     * Returns the report of {@link #check()} without waiting for it.
     *
     * @return a future as that of {@link #checkAsync(Probe)}
     */
    public CompletableFuture<HealthReport> checkAsync() {
        return answerLater(null);
    }

    /**
     * Returns the report of {@link #check(String)} without waiting for it.
     *
     * @param name the name of the check
     * @return a future as that of {@link #checkAsync(Probe)}; its value is empty if there is no such check
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
     * Returns the reports of {@link #check(Collection)} without waiting for them.
     *
     * @param names the names of the checks
     * @return a future as that of {@link #checkAsync(Probe)}
     */
    public CompletableFuture<List<CheckReport>> checkAsync(Collection<String> names) {
        return request(null, state.snapshot().find(names)).later(HealthCheckRegistry::listed);
    }

    /**
     * Returns what is known by now for a probe. Starts no run, takes no lock of a check, waits for nobody and tells
     * nobody: for metrics, and for an endpoint that must not make checks run. It does not count for
     * {@link #awaitDrainSeen}.
     *
     * <p>The report is that of {@link #check(Probe)}, except for checks without a fresh verdict:
     *
     * <ul>
     *   <li>A check that runs on a schedule shows its last verdict, and is {@link Status#DOWN}, reason {@code stale}, when
     *       that is older than three intervals and the timeout. In {@link Probe#LIVENESS} its last verdict holds.
     *   <li>A check that runs on demand shows its last verdict for 2 min after the run, for {@link CheckOptions#cacheFor},
     *       or for three times the time between its last two runs (15 min at most), whichever is longest. Then the reason
     *       is {@code pending}, and the message says for how long nobody has asked.
     *   <li>A check of which no run has ended is {@code pending}. The status of what is pending is {@link Status#DOWN},
     *       and {@link Status#UP} in {@link Probe#LIVENESS}.
     *   <li>A check with an overdue run is {@code stuck}, as in {@link #check(Probe)}. {@link CheckReport#stuckStack()}
     *       looks for the stack only when it is called.
     * </ul>
     *
     * <p>{@link CheckReport#ref()} is null for a state that is not in the log, such as a {@code stale} that no question
     * has met. After {@link #close()} the report says what was last known; nothing becomes stale or pending.
     *
     * @param probe the probe
     * @return the report
     */
    public HealthReport latest(Probe probe) {
        return latest.of(requireNonNull(probe, "probe"));
    }

    /**
     * Returns what is known by now of all checks, otherwise as {@link #latest(Probe)}.
     *
     * @return the report
     */
    public HealthReport latest() {
        return latest.of((Probe) null);
    }

    /**
     * Returns what is known by now of one check, otherwise as {@link #latest(Probe)}.
     *
     * @param name the name of the check
     * @return the report; empty if there is no such check
     */
    public Optional<CheckReport> latest(String name) {
        return Optional.ofNullable(latest.of(requireNonNull(name, "name")));
    }

    /**
     * Waits until the report for a probe is not {@link Status#DOWN}. So an application begins its work, or tells its
     * supervisor that it has started, when its checks have run and connections and classes are loaded.
     *
     * <p>Asks at once, and again every 100 ms. A check runs as often as for any other caller: not before
     * {@link CheckOptions#cacheFor} has passed, or by its schedule. Nobody outside has asked: {@link #lastAsked} and
     * {@link #awaitDrainSeen} do not count it. The log has a check that has never been well at INFO for ten seconds, and
     * then at WARN, as always.
     *
     * <pre>{@code
     * server.start();                                                    // the port is open, readiness may be 503
     * if (!health.awaitUp(Probe.READINESS, Duration.ofSeconds(30))) {
     *     System.err.println("still not ready: " + health.latest(Probe.READINESS));
     * }
     * }</pre>
     *
     * @param probe the probe
     * @param atMost the longest wait; zero or more
     * @return true as soon as a report is not DOWN; false if none is within {@code atMost}, and at once if the registry
     *     is {@linkplain #drain() draining} or closed, or becomes so
     * @throws IllegalArgumentException if {@code atMost} is negative
     * @throws InterruptedException if the calling thread is interrupted while it waits
     */
    public boolean awaitUp(Probe probe, Duration atMost) throws InterruptedException {
        requireNonNull(probe, "probe");
        Arguments.notNegative("atMost", atMost);
        return state.awaitUp(() -> askUncounted(probe), atMost);
    }

    /**
     * Returns the names of the registered checks, in the order of registration. After {@link #close()} these are the
     * checks that were registered when the registry was closed.
     *
     * @return an unmodifiable copy
     */
    public List<String> names() {
        return state.snapshot().names();
    }

    /**
     * Returns the {@linkplain Builder#answerWithin answer budget}: the longest time that a question takes.
     *
     * @return the budget
     */
    public Duration answerWithin() {
        return answerWithin;
    }

    /**
     * Returns the threads of the registry, for an adapter whose own thread must not run code of users. They are daemons,
     * also run tasks after {@link #close()}, and never run one on the calling thread. A task waits while no thread can be
     * started.
     *
     * @return an executor; the registry starts one more thread while all others are busy, so limit the number of tasks
     *     that block
     */
    public Executor workers() {
        return context::soon;
    }

    /**
     * Announces that this instance is about to stop. From the return of this method on, and for good, readiness and the
     * overall report are {@link Status#DOWN}, reason {@code draining}. Liveness does not change, and checks continue to
     * run. Idempotent.
     */
    public void drain() {
        EnoughStack.require();
        state.drain(context.date());
    }

    /**
     * Tells the registry that another face of it, such as an endpoint of another framework, has answered for a probe from
     * what {@link #latest(Probe)} or a part of the checks says. Call it for each such answer, from the start on:
     * {@link #lastAsked} and {@link #awaitDrainSeen} count it. Answers of {@link #check(Probe)}, {@link #check()} and their
     * asynchronous forms count by themselves.
     *
     * @param probe the probe; {@link Probe#READINESS} also for an answer about all checks
     */
    public void asked(Probe probe) {
        state.answered(requireNonNull(probe, "probe"), state.reason(probe), context.nanos(), context.date());
    }

    /**
     * Returns when somebody last got an answer for a probe: from {@link #check(Probe)} or its asynchronous form, or from
     * another face of this registry that tells it by {@link #asked}. An answer about all checks counts for
     * {@link Probe#READINESS}. {@link #latest(Probe)} and questions for single checks do not count.
     *
     * @param probe the probe
     * @return the date; empty if nobody has asked yet
     */
    public Optional<Instant> lastAsked(Probe probe) {
        return state.lastAsked(requireNonNull(probe, "probe"));
    }

    /**
     * Waits until a load balancer has probably seen that this instance is {@linkplain #drain() draining}: until the
     * registry has given out {@code reports} reports that say so and {@code atLeast} has passed, or until
     * {@code atMost} has passed. At most one report a second counts. The registry does not know who asked, so the
     * result is a hint.
     *
     * <p>The wait ends after {@code atLeast} if nobody asks: if there was no question for readiness or for all checks
     * within the last minute, or within three times the time between the last two (15 min at most) if that is longer. So
     * a process that nobody probes stops soon.
     *
     * <pre>{@code
     * health.drain();
     * health.awaitDrainSeen(2, Duration.ofSeconds(11), Duration.ofSeconds(20)); // 2 failed probes, one every 5 s
     * server.stop();
     * health.close();
     * }</pre>
     *
     * @param reports the number of reports; zero or more
     * @param atLeast the shortest wait; zero or more
     * @param atMost the longest wait; at least {@code atLeast}
     * @return true if the registry has given out that many reports; false if not, if nobody asks, and if {@link #close()}
     *     ends the wait
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
     * Returns the number of threads that hang in runs of checks, also of unregistered ones: in runs whose deadline
     * passed 60 s ago or more. A check costs three such threads at most.
     *
     * @return the number at this moment
     */
    public int lostThreads() {
        return context.runs().lostAt(context.nanos());
    }

    /**
     * Returns the number of events that log and listeners did not get one by one, as the log or a listener was too slow
     * or memory was short: runs and lines that were dropped, and changes that were merged with others.
     *
     * @return the number since the registry was made
     */
    public long droppedEvents() {
        return context.events().lost();
    }

    /**
     * Adds a listener. The registry calls it from now on. {@link HealthListener#onRegistered} tells it first which
     * checks are registered already.
     *
     * @param listener the listener
     */
    public void addListener(HealthListener listener) {
        context.events().addListener(requireNonNull(listener, "listener"));
    }

    /**
     * Removes a listener. A call that is in progress goes on, and no other begins. Does nothing if the listener was not
     * added.
     *
     * @param listener the listener
     */
    public void removeListener(HealthListener listener) {
        context.events().removeListener(requireNonNull(listener, "listener"));
    }

    /**
     * Ends all checks and the threads of the registry. No run starts any more. This method interrupts the runs in
     * progress, unless their {@linkplain CheckOptions#interruptOnTimeout(boolean) options} say no, and waits for them
     * for at most one second in all. It also closes the checks that are {@link AutoCloseable}.
     *
     * <p>Afterwards readiness and the overall report are {@link Status#DOWN}, reason {@code closed}. Liveness stays as
     * it was, as the application's port may be open for longer than the registry. The only threads of the registry that
     * remain are those of runs that do not end; the registry logs once how many there are, and of which checks.
     *
     * <p>Idempotent. Does not wait if it is called by a check or a listener.
     */
    @Override
    public void close() {
        EnoughStack.require();
        TimePoint now = context.now();
        CheckSnapshot last = state.close(now.date());
        if (last == null) {
            return;
        }
        try {
            for (RegisteredCheck check : last.all()) {
                check.remove(now);
            }
        } finally {
            context.close();
        }
    }

    private static List<CheckReport> listed(CheckReport[] answers) {
        return Collections.unmodifiableList(Arrays.asList(answers));
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

    private CompletableFuture<HealthReport> askUncounted(Probe probe) {
        ReportRequest request = request(probe, state.snapshot().of(probe));
        return request.later(request::uncounted);
    }

    /** Returns the options of a check that is being registered. The message of each exception names the check. */
    private CheckOptions options(String name, HealthCheck check, UnaryOperator<CheckOptions> options) {
        try {
            CheckOptions proposed = Arguments.notNull("options", check.options(defaults), "what the check proposes")
                    .asProposal();
            CheckOptions chosen = Arguments.notNull("options", options.apply(proposed), "the changed copy")
                    .asLayer();
            return Arguments.notNull("options", adjust.apply(name, chosen), "the adjusted copy")
                    .asLayer()
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
        EnoughStack.require();
        try {
            state.add(check, context.date());
        } catch (Throwable t) {
            check.discard();
            throw t;
        }
    }

    /** Begins the schedule of {@code check}, or unregisters it and throws. */
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
        if (state.remove(check, context.now())) {
            check.release();
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

    /** The user's view of a registered check. */
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

    /**
     * Builds a registry. Not thread-safe.
     *
     * <pre>{@code
     * HealthCheckRegistry health = HealthCheckRegistry.builder()
     *         .answerWithin(Duration.ofMillis(1900))                      // for a prober that waits 2 s
     *         .defaults(o -> o.every(Duration.ofSeconds(15)).failureThreshold(2))
     *         .build();
     * }</pre>
     */
    public static final class Builder {
        private Duration answerWithin = Duration.ofMillis(900);
        private UnaryOperator<CheckOptions> defaults = UnaryOperator.identity();
        private BiFunction<String, CheckOptions, CheckOptions> adjust = (name, options) -> options;
        private @Nullable Executor executor;
        private InstantSource clock = InstantSource.system();
        private boolean clockIsForeign;
        private @Nullable Timer timer;
        private @Nullable Workers workers;
        private int mostUntold = EventQueue.MOST_OF_ONE;

        private Builder() {}

        /**
         * Sets the answer budget: the longest time that a question takes, whatever the checks do. Default: 900 ms,
         * which is below the 1 s after which a kubelet gives up.
         *
         * @param budget the longest time; positive
         * @return this
         * @throws IllegalArgumentException if {@code budget} is not positive
         */
        public Builder answerWithin(Duration budget) {
            Arguments.positive("answerWithin", budget);
            answerWithin = budget;
            return this;
        }

        /**
         * Sets the default options of all checks. A check may propose others, and a registration may change them.
         *
         * @param options returns the defaults, given those of the library
         * @return this
         */
        public Builder defaults(UnaryOperator<CheckOptions> options) {
            defaults = requireNonNull(options, "options");
            return this;
        }

        /**
         * Sets a function with the last word on the options of every check, for configuration from any source. The
         * registry calls it at each registration, on the thread that registers. Default: changes nothing.
         *
         * <pre>{@code
         * HealthCheckRegistry health = HealthCheckRegistry.builder()
         *         .adjust((name, o) -> {
         *             Integer millis = Integer.getInteger("health." + name + ".timeout");
         *             return millis == null ? o : o.timeout(Duration.ofMillis(millis));
         *         })
         *         .build();
         * }</pre>
         *
         * @param options returns the options, given the name of the check and the options of its registration. What
         *     contradicts is refused as if the registration said it
         * @return this
         */
        public Builder adjust(BiFunction<String, CheckOptions, CheckOptions> options) {
            adjust = requireNonNull(options, "options");
            return this;
        }

        /**
         * Sets an executor that runs the checks. Default: threads of the registry. The executor must have a free thread
         * when a check has to run, as the time that a run waits for a thread counts. It must not run tasks on the
         * thread that calls it; if it does, the checks run on a thread of the registry, which logs a warning. A check
         * whose run the executor refuses is {@link Status#DOWN}, reason {@code rejected}.
         *
         * @param executor the executor; the registry never shuts it down
         * @return this
         */
        public Builder executor(Executor executor) {
            this.executor = requireNonNull(executor, "executor");
            return this;
        }

        /**
         * Sets the source of dates. Default: the system clock. No verdict depends on it.
         *
         * @param clock the source; it must not block
         * @return this
         */
        public Builder clock(InstantSource clock) {
            this.clock = requireNonNull(clock, "clock");
            clockIsForeign = true;
            return this;
        }

        /** Sets timer and threads, for tests, whose clock does not block. */
        Builder internals(Timer timer, Workers workers) {
            clockIsForeign = false;
            this.timer = timer;
            this.workers = workers;
            return this;
        }

        /** Sets how many changes of one check wait at most without being merged, for tests. */
        Builder mostUntold(int changes) {
            mostUntold = changes;
            return this;
        }

        /**
         * Returns a new registry with these settings. It starts no thread before it needs one. Registries of the same
         * builder share nothing but the objects that the builder was given.
         *
         * @return a new registry, to be closed by the caller
         * @throws IllegalArgumentException if the {@linkplain #defaults defaults} say both {@link CheckOptions#every} and
         *     {@link CheckOptions#cacheFor}
         */
        public HealthCheckRegistry build() {
            return new HealthCheckRegistry(
                    this, timer == null ? new SystemTimer() : timer, workers == null ? new Workers() : workers);
        }
    }
}
