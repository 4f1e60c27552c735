package dev.healthcheck;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.healthcheck.Promises.Answer;
import dev.healthcheck.Promises.Change;
import dev.healthcheck.Promises.Finding;
import dev.healthcheck.Promises.Mark;
import dev.healthcheck.Promises.Terms;
import dev.healthcheck.Promises.View;
import dev.healthcheck.Promises.Whole;
import dev.healthcheck.testkit.Faults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever happens in whatever order, the engine keeps its {@link Promises}. A failure names its seed and the shortest
 * sequence that still fails. The sequences are the same each time. These properties change that:
 *
 * <ul>
 *   <li>{@code -Dhealthcheck.seed=random}: others each time. CI sets it.
 *   <li>{@code -Dhealthcheck.seed=4711}: only the sequence of this seed.
 *   <li>{@code -Dhealthcheck.sequences=100000}: so many instead of 500.
 * </ul>
 *
 * <p>{@code ./mvnw test -pl healthcheck-core -Dtest=RandomSequencesTest -Dhealthcheck.seed=random
 * -Dhealthcheck.sequences=100000} takes some minutes on two cores.
 *
 * <p>These promises are part of the model: R2a, R2b, R2d, R2e, R2j, R2k, R3a, R3b, R3d, R3f, R3g, R3h, R3i, R3k, R4a,
 * R4c, R4d, R4f, R5a, R5b, R6a, R6b, R6c, R6d, R6e, R6f, R7a, R7b, R7c, R7d, R7e, R7f, R8a, R8b, R8c, R8d, R8e, R8f, R8g,
 * R8h, R8i, R9a, R9b, R9d, R9e, R9f, R9g, R10b, R11a, R11b, R12a, R12b, R12c, R12d, R12e, R12f, R12g, R13a, R13b, R13c, R13g,
 * R13h, R13i, R15c, R15g,
 * R16a, R16c, R16d, R17d, R17f, R18a, R18c, O1, O2, O3, O5, E6, E9, E10, K1, K2, K3, K4, K5, K6, K7, K8, C10, C17.
 * {@link NewestLines} judges the log: L18, L19.
 *
 * <p>Each sequence happens twice. The second time a listener blocks now and then, and so few events may wait that changes
 * are merged and registrations left out: R15h, R15l.
 */
@Timeout(value = 1, unit = TimeUnit.DAYS) // instead of a minute: the limit depends on the number of sequences
class RandomSequencesTest {
    private static final int LENGTH = 60;
    private static final Duration TO_BEGIN = Duration.ofSeconds(60);
    private static final Duration PER_SEQUENCE = Duration.ofMillis(30);

    /** Sequences that found a fault. */
    private static final long[] FOUND = {-7639284423296567876L, -4995098299903192547L, -7289279534620442476L};

    @Test
    void whatever_happens_in_whatever_order_the_promises_are_kept() throws Exception {
        String seed = System.getProperty("healthcheck.seed", "");
        if (seed.isEmpty() || seed.equals("random")) {
            Random seeds = seed.isEmpty() ? new Random(1) : new Random();
            LongStream drawn = seeds.longs(Integer.getInteger("healthcheck.sequences", 500));
            checkAll(LongStream.concat(LongStream.of(FOUND), drawn).toArray());
        } else {
            check(Long.parseLong(seed));
        }
    }

    /** On all processors, until one fails. */
    private static void checkAll(long[] seeds) throws Exception {
        AtomicInteger next = new AtomicInteger();
        Callable<Void> some = () -> {
            try {
                for (int i = next.getAndIncrement(); i < seeds.length; i = next.getAndIncrement()) {
                    check(seeds[i]);
                }
                return null;
            } finally {
                next.set(seeds.length);
            }
        };
        int threads = Runtime.getRuntime().availableProcessors();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            Duration atMost = TO_BEGIN.plus(PER_SEQUENCE.multipliedBy(seeds.length));
            for (Future<Void> done :
                    pool.invokeAll(Collections.nCopies(threads, some), atMost.toMillis(), MILLISECONDS)) {
                assertThat(done.isCancelled()).as("not done within " + atMost).isFalse();
                done.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @BeforeAll
    static void readTheLog() {
        NewestLines.read();
    }

    @AfterAll
    static void stopReading() {
        NewestLines.stopReading();
    }

    private static void check(long seed) {
        List<Step> steps = Step.random(new Random(seed), LENGTH);
        Throwable first = failure(steps);
        if (first != null) {
            List<Step> fewest = fewest(steps);
            Throwable again = failure(fewest);
            throw new AssertionError(
                    "seed " + seed + (again == null ? "; failed once and did not fail again" : "; fails")
                            + " with the steps\n"
                            + String.join(
                                    "\n", fewest.stream().map(Step::toString).toList()),
                    again == null ? first : again);
        }
    }

    /** Leaves out what does not matter, as long as there is anything. */
    private static List<Step> fewest(List<Step> failing) {
        List<Step> fewest = failing;
        for (int many = failing.size() / 2;
                many > 0;
                many = fewest.size() < failing.size() && many == 1 ? 1 : many / 2) {
            List<Step> before = fewest;
            for (int at = fewest.size() - many; at >= 0; at--) {
                List<Step> fewer = new ArrayList<>(fewest);
                fewer.subList(at, Math.min(fewer.size(), at + many)).clear();
                if (fewer.size() < fewest.size() && failure(fewer) != null) {
                    fewest = fewer;
                }
            }
            if (many == 1 && fewest == before) {
                break;
            }
        }
        return fewest;
    }

    private static @Nullable Throwable failure(List<Step> steps) {
        Throwable found = failure(steps, false);
        return found == null ? failure(steps, true) : found;
    }

    private static @Nullable Throwable failure(List<Step> steps, boolean listenersBlock) {
        Comparison comparison = new Comparison(listenersBlock);
        try {
            steps.forEach(comparison::take);
            comparison.end();
            return null;
        } catch (RuntimeException | AssertionError e) {
            return listenersBlock
                    ? new AssertionError("while a listener blocks now and then: " + e.getMessage(), e)
                    : e;
        }
    }

    /** Something that happens, to whom, and how: numbers that mean something in whatever state they are met. */
    record Step(Kind kind, int who, int how) {
        enum Kind {
            REGISTER,
            UNREGISTER,
            ASK,
            ASK_FOR_ONE,
            RUN_NOW,
            BEGIN,
            DEPOSIT,
            END,
            ADVANCE,
            PAUSE,
            JUMP_CLOCK,
            REFUSE_THREADS,
            DRAIN,
            CLOSE
        }

        private static final Kind[] LIKELY = {
            Kind.REGISTER,
            Kind.REGISTER,
            Kind.ASK,
            Kind.ASK,
            Kind.ASK,
            Kind.ASK_FOR_ONE,
            Kind.ASK_FOR_ONE,
            Kind.RUN_NOW,
            Kind.BEGIN,
            Kind.BEGIN,
            Kind.BEGIN,
            Kind.DEPOSIT,
            Kind.DEPOSIT,
            Kind.END,
            Kind.END,
            Kind.END,
            Kind.END,
            Kind.END,
            Kind.END,
            Kind.ADVANCE,
            Kind.ADVANCE,
            Kind.ADVANCE,
            Kind.ADVANCE,
            Kind.ADVANCE
        };
        private static final Kind[] RARE = {
            Kind.UNREGISTER, Kind.UNREGISTER, Kind.PAUSE, Kind.JUMP_CLOCK, Kind.REFUSE_THREADS, Kind.DRAIN, Kind.CLOSE
        };
        private static final Kind[] WITHIN = {
            Kind.ASK,
            Kind.ASK_FOR_ONE,
            Kind.REGISTER,
            Kind.UNREGISTER,
            Kind.PAUSE,
            Kind.JUMP_CLOCK,
            Kind.DRAIN,
            Kind.CLOSE
        };
        private static final List<Probe> PROBES = List.of(Probe.LIVENESS, Probe.READINESS, Probe.STARTUP);
        private static final long[] MILLIS = {
            1, 9, 50, 100, 109, 110, 111, 310, 500, 789, 790, 899, 999, 1000, 1900, 5000, 10_000, 33_000, 60_000,
            125_000
        };

        static List<Step> random(Random random, int most) {
            return Stream.generate(() -> random(random))
                    .limit(1 + random.nextInt(most))
                    .toList();
        }

        private static Step random(Random random) {
            Kind[] kinds = random.nextInt(12) == 0 ? RARE : LIKELY;
            return new Step(kinds[random.nextInt(kinds.length)], random.nextInt(4), random.nextInt(1 << 16));
        }

        /** What happens while the check of this step is being called; null if nothing does. */
        @Nullable
        Step meanwhile() {
            Random random = new Random(how);
            return switch (kind == Kind.RUN_NOW ? 3 : random.nextInt(4)) {
                case 0 -> new Step(Kind.ADVANCE, 0, random.nextInt(1 << 16));
                case 1 -> new Step(WITHIN[random.nextInt(WITHIN.length)], random.nextInt(4), random.nextInt(1 << 16));
                default -> null;
            };
        }

        String name() {
            return "check-" + who;
        }

        /** Some, in any order, perhaps twice. */
        List<String> names() {
            return new Random(how)
                    .ints(how % 4, 0, 5)
                    .mapToObj(i -> "check-" + i)
                    .toList();
        }

        long millis() {
            return MILLIS[how % MILLIS.length];
        }

        @Nullable
        Probe probe() {
            return who == 3 ? null : PROBES.get(who);
        }

        Finding finding() {
            return switch (how % 8) {
                case 0, 1, 2 -> new Finding(Status.UP, null);
                case 3 -> new Finding(Status.DEGRADED, "so-so");
                case 4, 5 -> new Finding(Status.DOWN, "no");
                case 6 -> new Finding(Status.DOWN, "gone");
                default -> new Finding(Status.DOWN, "threw");
            };
        }

        Finding deposit() {
            return how / 4 % 2 == 0
                    ? new Finding(Status.DEGRADED, how % 4 < 2 ? "full" : "crowded")
                    : new Finding(Status.DOWN, how % 4 < 2 ? "far" : "farther");
        }

        /** Different ones, and all that are allowed. */
        Terms terms() {
            Random random = new Random(how);
            List<Probe> probes = List.of(
                            List.of(Probe.READINESS),
                            List.of(Probe.READINESS),
                            List.of(Probe.LIVENESS),
                            List.of(Probe.STARTUP),
                            List.of(Probe.READINESS, Probe.STARTUP),
                            List.of(Probe.LIVENESS, Probe.READINESS))
                    .get(random.nextInt(6));
            boolean scheduled = random.nextInt(3) == 0;
            long[] timeouts = {110, 310, 790, 1900, 7000};
            long timeout = timeouts[random.nextInt(scheduled ? 5 : 3)];
            long[] intervals = {timeout > 2000 ? 7000 : 2000, 10_000, 60_000};
            long[] caches = {0, 10, 1000, 1000, 5000};
            int need = random.nextInt(3);
            return new Terms(
                    probes,
                    need == 2 || (need == 1 && probes.contains(Probe.LIVENESS)),
                    need == 1 && !probes.contains(Probe.LIVENESS),
                    timeout * Promises.MS,
                    caches[random.nextInt(5)] * Promises.MS,
                    scheduled ? intervals[random.nextInt(3)] * Promises.MS : 0,
                    random.nextInt(3) == 0 ? Math.min(timeout - 10, 110) * Promises.MS : 0,
                    random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 1,
                    random.nextInt(3) == 0 ? 1 + random.nextInt(3) : 1,
                    random.nextInt(3) == 0);
        }

        @Override
        public String toString() {
            return switch (kind) {
                case REGISTER -> "register " + name() + " " + terms();
                case ASK -> "ask " + (probe() == null ? "for all" : probe());
                case RUN_NOW, BEGIN, END ->
                    kind + " " + name() + " " + finding() + " " + how + ", while it runs: " + meanwhile();
                case DEPOSIT -> kind + " " + name() + " " + deposit() + " " + how;
                case ADVANCE, PAUSE, JUMP_CLOCK -> kind + " " + millis() + " ms";
                case UNREGISTER, ASK_FOR_ONE -> kind + " " + name() + " " + how;
                default -> kind.toString();
            };
        }
    }

    /** The engine and the promises, to which the same happens. */
    private static final class Comparison {
        private static final List<HealthCheck> FAULTS = Stream.concat(
                        Arrays.stream(Faults.throwables()).map(Faults::throwing),
                        Stream.of(Faults.throwing(Faults.unspeakable()), Faults.returningNull()))
                .toList();
        private static final List<AsyncHealthCheck> ASYNC_FAULTS = Stream.concat(
                        Arrays.stream(Faults.throwables())
                                .flatMap(thrown -> Stream.of(
                                        Faults.throwingAsync(thrown),
                                        Faults.stage(CompletableFuture.failedFuture(thrown)))),
                        Stream.of(
                                Faults.throwingAsync(Faults.unspeakable()),
                                Faults.noStage(),
                                Faults.refusingListeners(),
                                Faults.stage(CompletableFuture.completedFuture(null))))
                .toList();
        private final Promises promises = new Promises();
        private final VirtualRegistry rig;
        /** So few untold events of one check are kept that some are merged, and some registrations are not told. */
        private static final int MOST_UNTOLD = 2;

        private final boolean listenersBlock;
        private final Map<String, Registration> registrations = new HashMap<>();
        private final Map<Promises.Question, CompletableFuture<?>> questions = new HashMap<>();
        private final Map<Promises.Run, CompletableFuture<CheckResult>> stages = new HashMap<>();
        private final Map<Promises.Run, Deadline> deadlines = new HashMap<>();
        private int calls;
        private boolean refuses;
        private final Told told = new Told();
        private final Map<String, List<Status>> shown = new LinkedHashMap<>();
        private final NewestLines lines = new NewestLines();
        private List<Promises.Run> promisedToWait = List.of();
        /** The run that is on this thread, and the step that let it. */
        private Promises.@Nullable Run running;

        private @Nullable Step cause;
        private @Nullable Throwable foundWithin;
        private int turns;
        /** A listener blocks just now. */
        private boolean blocked;

        Comparison(boolean listenersBlock) {
            this.listenersBlock = listenersBlock;
            rig = new VirtualRegistry(builder -> builder.answerWithin(Duration.ofNanos(Promises.BUDGET))
                    .mostUntold(listenersBlock ? MOST_UNTOLD : EventQueue.MOST_OF_ONE));
            rig.registry.addListener(new HealthListener() {
                @Override
                public void onChange(StatusChange change) {
                    throw new StackOverflowError();
                }

                @Override
                public void onRun(CheckReport report) {
                    throw new IllegalStateException("thrown on purpose");
                }

                @Override
                public void onProbe(ProbeChange change) {
                    throw new IllegalStateException("thrown on purpose");
                }
            });
            rig.registry.addListener(told);
            rig.registry.addListener(new HealthListener() {
                @Override
                public void onChange(StatusChange change) {
                    lines.told(change, rig.time.nanos());
                }

                @Override
                public void onRun(CheckReport report) {
                    shown.computeIfAbsent(report.name(), name -> new ArrayList<>())
                            .add(report.status());
                }

                @Override
                public void onUnregistered(String name) {
                    lines.unregistered(name);
                }
            });
        }

        void take(Step step) {
            try {
                if (listenersBlock && step.how() % 4 == 0) {
                    blocked = !blocked;
                    rig.workers.blockListeners(blocked);
                }
                apply(step);
                if (foundWithin != null) {
                    throw new AssertionError("while it ran: " + foundWithin.getMessage(), foundWithin);
                }
                rig.workers.runAllButChecks();
                compare();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("after " + step + ": " + e.getMessage(), e);
            }
        }

        /** No listener blocks any more. */
        void end() {
            blocked = false;
            rig.workers.blockListeners(false);
            rig.workers.runAllButChecks();
            compare();
        }

        private void apply(Step step) {
            switch (step.kind()) {
                case REGISTER -> register(step);
                case UNREGISTER -> unregister(step);
                case ASK -> ask(step);
                case ASK_FOR_ONE -> askForOne(step);
                case RUN_NOW -> runNow(step);
                case BEGIN -> begin(step);
                case DEPOSIT -> deposit(step);
                case END -> end(step);
                case ADVANCE -> {
                    promises.advance(step.millis() * Promises.MS);
                    turns = 0;
                    rig.time.advance(Duration.ofMillis(step.millis()), this::othersGoOn);
                }
                case PAUSE -> {
                    promises.pause(step.millis() * Promises.MS);
                    rig.time.pause(Duration.ofMillis(step.millis()));
                }
                case JUMP_CLOCK -> jump(step);
                case REFUSE_THREADS -> {
                    refuses = !refuses;
                    promises.refuseThreads(refuses);
                    rig.workers.refuse(refuses);
                }
                case DRAIN -> {
                    promises.drain();
                    rig.registry.drain();
                }
                case CLOSE -> {
                    promises.close();
                    rig.registry.close();
                }
            }
        }

        private void othersGoOn() {
            assertThat(++turns).as("calls of the timer").isLessThan(10_000);
            rig.workers.runAllButChecks();
        }

        private void jump(Step step) {
            Duration by = Duration.ofMillis(step.who() % 2 == 0 ? step.millis() : -step.millis() * 1000);
            promises.jumpClock(by);
            rig.time.setDate(rig.time.instant().plus(by));
        }

        private void register(Step step) {
            if (promises.isClosed() || promises.has(step.name())) {
                return;
            }
            Terms terms = step.terms();
            promises.register(step.name(), terms);
            Registration registration = terms.async()
                    ? rig.registry.registerAsync(step.name(), new Asynchronous(), o -> options(terms, o))
                    : rig.registry.register(step.name(), this::call, o -> options(terms, o));
            registrations.put(step.name(), registration);
        }

        private final class Asynchronous implements AsyncHealthCheck {
            @Override
            public CompletionStage<CheckResult> checkAsync() {
                throw new AssertionError("without its deadline");
            }

            @Override
            public CompletionStage<CheckResult> checkAsync(Deadline deadline) throws Exception {
                return callAsync(deadline);
            }
        }

        private static CheckOptions options(Terms terms, CheckOptions o) {
            CheckOptions options = o.probes(
                            terms.probes().get(0), terms.probes().toArray(Probe[]::new))
                    .timeout(Duration.ofNanos(terms.timeout()))
                    .failureThreshold(terms.failureThreshold())
                    .successThreshold(terms.successThreshold());
            options = terms.required() ? options : options.optional();
            options = terms.requiredToStart() ? options.requiredToStart() : options;
            options = terms.slowAfter() == 0 ? options : options.slowAfter(Duration.ofNanos(terms.slowAfter()));
            return terms.scheduled()
                    ? options.every(Duration.ofNanos(terms.every()))
                    : options.cacheFor(Duration.ofNanos(terms.cacheFor()));
        }

        private CheckResult call() throws Exception {
            Step step = meanwhile();
            promises.ends(running(), step.finding());
            CheckResult result = result(step.finding());
            return result == null ? anyOf(FAULTS, step).check() : result;
        }

        private CompletionStage<CheckResult> callAsync(Deadline deadline) throws Exception {
            deadlines.put(running(), deadline);
            Step step = meanwhile();
            if (step.kind() == Step.Kind.BEGIN) {
                CompletableFuture<CheckResult> stage = new CompletableFuture<>();
                boolean stubborn = step.how() % 2 == 0;
                stages.put(running(), stage);
                promises.returnsStage(running(), !stubborn);
                return stubborn ? stage.minimalCompletionStage() : stage;
            }
            promises.ends(running(), step.finding());
            CheckResult result = result(step.finding());
            AsyncHealthCheck ending = result == null
                    ? anyOf(ASYNC_FAULTS, step)
                    : anyOf(
                            List.of(
                                    Faults.stage(CompletableFuture.completedFuture(result)),
                                    Faults.completingTwice(result, new IllegalStateException("once more"))),
                            step);
            return ending.checkAsync();
        }

        private static <T> T anyOf(List<T> all, Step step) {
            return all.get(step.how() / 8 % all.size());
        }

        /** A check is being called; returns the step that let it. */
        private Step meanwhile() {
            calls++;
            promises.begins(running());
            running().called = true;
            Step step = Objects.requireNonNull(cause);
            Step within = step.meanwhile();
            try {
                if (within != null) {
                    apply(within);
                    rig.workers.runAllButChecks();
                    compare();
                }
                assertThat(Thread.interrupted())
                        .as("interrupted")
                        .isEqualTo(running().isGivenUp());
            } catch (RuntimeException | AssertionError e) {
                foundWithin = e; // the engine would take it for the check's own
            } finally {
                running().called = false;
            }
            return step;
        }

        private Promises.Run running() {
            return Objects.requireNonNull(running);
        }

        private void unregister(Step step) {
            if (promises.has(step.name())) {
                promises.unregister(step.name());
                registrations.get(step.name()).close();
                rig.workers.runAllButChecks();
            }
        }

        private void ask(Step step) {
            Probe probe = step.probe();
            if (probe != null && step.how() % 5 == 0) {
                promises.asked(probe);
                rig.registry.asked(probe);
            }
            Promises.Question question = promises.ask(probe);
            questions.put(question, probe == null ? rig.registry.checkAsync() : rig.registry.checkAsync(probe));
            if (question.answer != null) {
                Answer again = Objects.requireNonNull(promises.ask(probe).answer);
                compare(again, probe == null ? rig.registry.check() : rig.registry.check(probe));
            }
        }

        private void askForOne(Step step) {
            if (promises.has(step.name())) {
                questions.put(promises.ask(step.name()), rig.registry.checkAsync(step.name()));
            }
            List<String> names = step.names();
            questions.put(promises.ask(names), rig.registry.checkAsync(names));
        }

        /** Only where it does not have to wait: nobody else is here to end the run. */
        private void runNow(Step step) {
            if (promises.isClosed() || !promises.has(step.name()) || promises.isRunning(step.name())) {
                return;
            }
            View atOnce = promises.runNow(step.name());
            running = atOnce == null ? promises.runs.get(promises.runs.size() - 1) : null;
            if (running != null) {
                running.inQueue = false;
            }
            cause = step;
            rig.workers.runAtOnce(true);
            CheckReport report = registrations.get(step.name()).runNow();
            rig.workers.runAtOnce(false);
            View promised = atOnce == null ? promises.view(step.name()) : atOnce;
            assertThat(likened(view(report), promised)).as("what runNow says").isEqualTo(promised);
        }

        /** Of the runs of a check that have or have not begun, one, mostly the first. */
        private Optional<Promises.Run> run(Step step, boolean begun) {
            List<Promises.Run> runs = promises.runs.stream()
                    .filter(run -> run != running && run.name().equals(step.name()) && run.begun == begun)
                    .toList();
            boolean last = step.how() / 8 % 4 == 0;
            return runs.isEmpty() ? Optional.empty() : Optional.of(runs.get(last ? runs.size() - 1 : 0));
        }

        /** An asynchronous run returns a stage, another one hangs. */
        private void begin(Step step) {
            Optional<Promises.Run> waiting = run(step, false);
            if (waiting.isEmpty()) {
                return;
            }
            Promises.Run run = waiting.get();
            if (run.check.terms.async() || run.isGivenUp()) {
                letRun(run, step);
            } else {
                deadlines.put(run, rig.workers.begin(run.name(), placeInQueue(run)));
                promises.begins(run);
            }
        }

        private void deposit(Step step) {
            run(step, true).ifPresent(run -> {
                promises.deposits(run, step.deposit());
                Objects.requireNonNull(deadlines.get(run)).ifMissed(Objects.requireNonNull(result(step.deposit())));
            });
        }

        private void end(Step step) {
            Optional<Promises.Run> pending = run(step, true);
            if (pending.isPresent() && !pending.get().inQueue) {
                promises.ends(pending.get(), step.finding());
                complete(Objects.requireNonNull(stages.remove(pending.get())), result(step.finding()));
            } else {
                pending.or(() -> run(step, false)).ifPresent(run -> letRun(run, step));
            }
        }

        private int placeInQueue(Promises.Run run) {
            return promisedToWait.stream()
                    .filter(other -> other.name().equals(run.name()))
                    .toList()
                    .indexOf(run);
        }

        private void letRun(Promises.Run run, Step step) {
            int place = placeInQueue(run);
            boolean dropped = !run.begun && run.isGivenUp();
            if (dropped) {
                promises.ends(run, step.finding());
            }
            run.inQueue = false;
            running = run;
            cause = step;
            calls = 0;
            rig.workers.run(run.name(), place);
            running = null;
            assertThat(calls).as("calls").isEqualTo(dropped ? 0 : 1);
        }

        private static void complete(CompletableFuture<CheckResult> stage, @Nullable CheckResult result) {
            if (result == null) {
                stage.completeExceptionally(new IllegalStateException("on purpose"));
            } else {
                stage.complete(result);
            }
        }

        private static @Nullable CheckResult result(Finding finding) {
            if ("threw".equals(finding.reason())) {
                return null;
            }
            return switch (finding.status()) {
                case UP -> CheckResult.up();
                case DEGRADED -> CheckResult.degraded("so so").withReason(finding.reason());
                case DOWN -> CheckResult.down("it is").withReason(finding.reason());
            };
        }

        private void compare() {
            promisedToWait = promises.runs.stream().filter(run -> run.inQueue).toList();
            List<String> promised = promisedToWait.stream()
                    .map(run -> "run of " + run.name())
                    .sorted()
                    .toList();
            List<String> waiting = rig.workers.waiting().stream().sorted().toList();
            if (!waiting.equals(promised)) {
                assertThat(waiting).as("runs that wait for a thread").isEqualTo(promised);
            }
            questions.forEach((question, future) -> {
                if (future.isDone() != (question.answer != null)) {
                    assertThat(future.isDone() ? future.join() : null)
                            .as("answer")
                            .isEqualTo(question.answer);
                } else if (question.answer != null) {
                    compare(question.answer, future.join());
                }
            });
            questions.keySet().removeIf(question -> question.answer != null);
            promises.questions.removeIf(question -> question.answer != null);
            compareLatest();
            compareDraining();
            if (!blocked) {
                compareEvents();
                lines.compare(rig.time.nanos());
            }
        }

        /** At any time, whatever is going on; that changes nothing, as the comparison goes on to show. */
        private void compareLatest() {
            compare(promises.latest((Probe) null), rig.registry.latest());
            for (Probe probe : Probe.values()) {
                compare(promises.latest(probe), rig.registry.latest(probe));
            }
            assertThat(rig.registry.names()).isEqualTo(promises.names());
            promises.names()
                    .forEach(name -> compare(
                            promises.latest(name), rig.registry.latest(name).orElseThrow()));
        }

        private void compare(Answer promised, Object given) {
            if (given instanceof HealthReport report) {
                report.checks().forEach(this::refIsShown);
                Answer answer = new Answer(
                        report.status(),
                        report.reason(),
                        report.timestamp(),
                        report.duration(),
                        report.checks().stream().map(Comparison::view).toList());
                Answer likened = likened(answer, promised);
                if (!likened.equals(promised)) {
                    assertThat(likened).isEqualTo(promised);
                }
            } else if (given instanceof Optional<?> report) {
                compare(promised.checks().get(0), (CheckReport) report.orElseThrow());
            } else {
                List<?> reports = (List<?>) given;
                assertThat(reports).hasSameSizeAs(promised.checks());
                for (int i = 0; i < reports.size(); i++) {
                    compare(promised.checks().get(i), (CheckReport) reports.get(i));
                }
            }
        }

        private void compare(View promised, CheckReport given) {
            refIsShown(given);
            View likened = likened(view(given), promised);
            if (!likened.equals(promised)) {
                assertThat(likened).isEqualTo(promised);
            }
        }

        /** The log need not have it if changes are merged. */
        private void refIsShown(CheckReport report) {
            if (!listenersBlock) {
                lines.shown(report);
            }
        }

        private static Answer likened(Answer answer, Answer promised) {
            List<View> views = IntStream.range(0, answer.checks().size())
                    .mapToObj(i ->
                            likened(answer.checks().get(i), promised.checks().get(i)))
                    .toList();
            return new Answer(answer.status(), answer.reason(), answer.timestamp(), answer.duration(), views);
        }

        /** Without that of which nothing is promised. */
        private static View likened(View view, View promised) {
            boolean endedUnseen = promised.duration() == null && "pending".equals(promised.reason());
            return new View(
                    view.name(),
                    view.required(),
                    view.status(),
                    view.reason(),
                    promised.failures() < 0 ? promised.failures() : view.failures(),
                    promised.duration() == null ? null : view.duration(),
                    promised.duration() == null ? null : view.checkedAt(),
                    endedUnseen ? promised.since() : view.since(),
                    view.lastSuccess(),
                    view.runningFor());
        }

        private static View view(CheckReport report) {
            return new View(
                    report.name(),
                    report.required(),
                    report.status(),
                    report.reason(),
                    report.consecutiveFailures(),
                    report.duration(),
                    report.checkedAt(),
                    report.since(),
                    report.lastSuccess(),
                    report.runningFor());
        }

        private void compareEvents() {
            if (listenersBlock) {
                told.compareMerged(promises);
                return;
            }
            told.compare(promises);
            for (Probe probe : new Probe[] {Probe.LIVENESS, Probe.READINESS, Probe.STARTUP, null}) {
                told.compare(probe == null ? rig.registry.latest() : rig.registry.latest(probe));
            }
            Map<String, List<Status>> promised = new LinkedHashMap<>();
            promises.judgements.forEach((name, all) -> promised.put(
                    name, all.stream().map(Promises.Judgement::shown).toList()));
            if (!shown.equals(promised)) {
                assertThat(shown).as("runs").isEqualTo(promised);
            }
        }

        private void compareDraining() {
            for (Probe probe : Probe.values()) {
                assertThat(rig.registry.lastAsked(probe)).isEqualTo(promises.lastAsked(probe));
            }
            if (promises.isClosed()) {
                assertThatThrownBy(() -> rig.registry.awaitDrainSeen(0, Duration.ZERO, Duration.ZERO))
                        .isInstanceOf(IllegalStateException.class);
            } else if (promises.isDraining()) {
                try {
                    assertThat(rig.registry.awaitDrainSeen(promises.drainsTold, Duration.ZERO, Duration.ZERO))
                            .isTrue();
                    assertThat(rig.registry.awaitDrainSeen(promises.drainsTold + 1, Duration.ZERO, Duration.ZERO))
                            .isFalse();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                assertThat(waitsForOneMoreReport()).isEqualTo(promises.isAskedForReadiness());
            }
        }

        /** Found out on a thread that is interrupted as soon as it waits. */
        private boolean waitsForOneMoreReport() {
            boolean interrupted = Thread.interrupted();
            Thread.currentThread().interrupt();
            try {
                return rig.registry.awaitDrainSeen(promises.drainsTold + 1, Duration.ZERO, Duration.ofHours(1));
            } catch (InterruptedException e) {
                return true;
            } finally {
                if (!interrupted) {
                    Thread.interrupted();
                } else {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    /** What a listener has been told. */
    private static final class Told implements HealthListener {
        private final Map<String, List<Promises.Told>> lives = new LinkedHashMap<>();
        private final List<Whole> wholes = new ArrayList<>();

        @Override
        public void onChange(StatusChange change) {
            add(change.check(), new Change(change.from(), change.to(), change.reason(), change.at()));
        }

        @Override
        public void onRun(CheckReport report) {
            Promises.Told last = last(report.name());
            assertThat(last).as("before a run of %s", report.name()).isInstanceOf(Change.class);
        }

        @Override
        public void onRegistered(String name) {
            add(name, Mark.BEGIN);
        }

        @Override
        public void onUnregistered(String name) {
            add(name, Mark.END);
        }

        @Override
        public void onProbe(ProbeChange change) {
            wholes.add(new Whole(
                    change.probe(),
                    change.from(),
                    change.to(),
                    change.reason(),
                    Set.copyOf(change.checks()),
                    change.at()));
        }

        private void add(String name, Promises.Told event) {
            lives.computeIfAbsent(name, any -> new ArrayList<>()).add(event);
        }

        private Promises.@Nullable Told last(String name) {
            List<Promises.Told> all = lives.getOrDefault(name, List.of());
            return all.isEmpty() ? null : all.get(all.size() - 1);
        }

        void compare(Promises promises) {
            if (!lives.equals(promises.lives)) {
                assertThat(lives).as("registrations and changes").isEqualTo(promises.lives);
            }
            for (Probe probe : new Probe[] {Probe.LIVENESS, Probe.READINESS, Probe.STARTUP, null}) {
                assertThat(settled(wholes, probe)).as("told of %s", probe).isEqualTo(settled(promises.wholes, probe));
            }
        }

        /** What a probe was after each date: of checks that change at the same moment any may be told first. */
        private static List<Whole> settled(List<Whole> all, @Nullable Probe probe) {
            List<Whole> settled = new ArrayList<>();
            for (Whole whole : all) {
                if (whole.probe() == probe) {
                    settle(settled, whole);
                }
            }
            return settled;
        }

        private static void settle(List<Whole> settled, Whole next) {
            Optional<Whole> last = newest(settled, next.probe());
            if (last.isPresent() && last.get().at().equals(next.at())) {
                settled.remove(settled.size() - 1);
                last = newest(settled, next.probe());
            }
            Whole shown = new Whole(
                    next.probe(), last.map(Whole::to).orElse(null), next.to(), next.reason(), Set.of(), next.at());
            if (last.isEmpty()
                    || last.get().to() != next.to()
                    || !Objects.equals(last.get().reason(), next.reason())) {
                settled.add(shown);
            }
        }

        /** What was told of a probe is what its report says, if that is known. */
        void compare(HealthReport report) {
            if (report.checks().stream().allMatch(CheckReport::isKnown)) {
                newest(wholes, report.probe()).ifPresent(whole -> {
                    assertThat(whole.to()).as("told of %s", report.probe()).isEqualTo(report.status());
                    assertThat(whole.reason()).as("told of %s", report.probe()).isEqualTo(report.reason());
                });
            }
        }

        /** Changes may have been merged, and registrations that have ended been left out; the newest state is told. */
        void compareMerged(Promises promises) {
            promises.lives.forEach((name, promised) ->
                    compareMerged(name, registrations(promised), registrations(lives.getOrDefault(name, List.of()))));
            for (int i = 0; i < wholes.size(); i++) {
                Probe probe = wholes.get(i).probe();
                Optional<Whole> before = newest(wholes.subList(0, i), probe);
                assertThat(wholes.get(i).from())
                        .as("from")
                        .isEqualTo(before.map(Whole::to).orElse(null));
                assertThat(wholes.get(i)).as("another").isNotEqualTo(before.orElse(null));
            }
            for (Probe probe : new Probe[] {Probe.LIVENESS, Probe.READINESS, Probe.STARTUP, null}) {
                boolean frozen = promises.isClosed() && (probe == Probe.LIVENESS || probe == Probe.STARTUP);
                if (!frozen) { // or it may rest on checks of which listeners never heard
                    compareNewest(newest(wholes, probe), promises.lastWhole(probe));
                }
            }
        }

        private static void compareNewest(Optional<Whole> told, Optional<Whole> promised) {
            if (told.isEmpty()) { // it never was DOWN as far as it was told, and not all of its checks have a verdict
                assertThat(promised.filter(whole -> whole.to() == Status.DOWN))
                        .as("untold")
                        .isEmpty();
            } else if (promised.isEmpty()) {
                // as far as it was told, it was DOWN: a merged change leaves out the UP that a startup check had before
                assertThat(told.get().to())
                        .as("newest of %s", told.get().probe())
                        .isNotEqualTo(Status.DOWN);
            } else {
                assertThat(told.get().to())
                        .as("newest of %s", told.get().probe())
                        .isEqualTo(promised.get().to());
                assertThat(told.get().reason())
                        .as("its reason")
                        .isEqualTo(promised.get().reason());
            }
        }

        private static Optional<Whole> newest(List<Whole> all, @Nullable Probe probe) {
            return all.stream().filter(whole -> whole.probe() == probe).reduce((older, newer) -> newer);
        }

        private static void compareMerged(
                String name, List<List<Promises.Told>> promised, List<List<Promises.Told>> told) {
            int next = 0;
            for (List<Promises.Told> registration : promised) {
                if (next < told.size() && isMergedFrom(registration, told.get(next))) {
                    next++;
                } else {
                    assertThat(registration)
                            .as("what is not told of %s, but %s", name, told)
                            .endsWith(Mark.END);
                }
            }
            assertThat(told.subList(next, told.size()))
                    .as("what is told of %s, but %s", name, promised)
                    .isEmpty();
        }

        /** Returns whether {@code told} has begin, end and newest state of {@code all}, and each change begins where the last ended. */
        private static boolean isMergedFrom(List<Promises.Told> all, List<Promises.Told> told) {
            List<Change> changes = changes(told);
            Status last = null;
            for (Change change : changes) {
                if (change.from() != last) {
                    return false;
                }
                last = change.to();
            }
            List<Change> promised = changes(all);
            return told.contains(Mark.END) == all.contains(Mark.END)
                    && promised.isEmpty() == changes.isEmpty()
                    && (changes.isEmpty() || ends(changes).equals(ends(promised)))
                    && promised.stream()
                            .map(Told::end)
                            .toList()
                            .containsAll(changes.stream().map(Told::end).toList());
        }

        private static Change ends(List<Change> changes) {
            return end(changes.get(changes.size() - 1));
        }

        /** The change without that from which it comes. */
        private static Change end(Change change) {
            return new Change(null, change.to(), change.reason(), change.at());
        }

        private static List<Change> changes(List<Promises.Told> all) {
            return all.stream()
                    .filter(Change.class::isInstance)
                    .map(Change.class::cast)
                    .toList();
        }

        private static List<List<Promises.Told>> registrations(List<Promises.Told> all) {
            List<List<Promises.Told>> each = new ArrayList<>();
            for (Promises.Told event : all) {
                if (event == Mark.BEGIN) {
                    each.add(new ArrayList<>());
                }
                each.get(each.size() - 1).add(event);
            }
            return each;
        }
    }
}
