package dev.healthcheck;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is promised, told once more in the plainest way: one thing after the other, no thread, no lock, nothing kept that
 * could be looked up. Against it the engine is compared by {@link RandomSequencesTest}; it shares no code with it.
 */
final class Promises {
    static final long MS = MILLISECONDS.toNanos(1);
    static final long BUDGET = MILLISECONDS.toNanos(900) + MS / 2;
    private static final long NEVER = Long.MAX_VALUE;
    /** As a number of failures: nothing is promised. */
    private static final int UNSAID = -1;

    private static final int MOST_LOST = 3;
    private static final long FIRST_PATIENCE = MILLISECONDS.toNanos(60_000);
    private static final long KNOWN_FOR = MILLISECONDS.toNanos(120_000);
    private static final long KNOWN_FOR_MOST = MILLISECONDS.toNanos(900_000);
    private static final Finding TIMEOUT = new Finding(Status.DOWN, "timeout");
    private static final Finding STUCK = new Finding(Status.DOWN, "stuck");

    final List<Question> questions = new ArrayList<>();
    /** What a listener is told of each registration, by name: its begin, its changes, its end. */
    final Map<String, List<Told>> lives = new LinkedHashMap<>();
    /** What a listener is told of the whole of each probe. */
    final List<Whole> wholes = new ArrayList<>();
    /** What each run found by itself, and what it was shown as; by name. */
    final Map<String, List<Judgement>> judgements = new LinkedHashMap<>();
    /** All runs that have not come back, also those of checks that are gone. */
    final List<Run> runs = new ArrayList<>();

    private final Map<String, Check> checks = new LinkedHashMap<>();
    private long now;
    private Duration clockIsAhead = Duration.ZERO;
    private boolean draining;
    private boolean closed;
    private boolean threadsRefused;
    /** Reports that said draining and were counted, at most one a second. */
    int drainsTold;

    private long lastDrainTold = -NEVER;
    private final Map<Probe, Asked> lastAsked = new EnumMap<>(Probe.class);

    /** When somebody got an answer, and how long after the one before. */
    private record Asked(long nanos, long gap, Instant date) {}

    /** How a check is registered. */
    record Terms(
            List<Probe> probes,
            boolean required,
            boolean requiredToStart,
            long timeout,
            long cacheFor,
            long every,
            long slowAfter,
            int failureThreshold,
            int successThreshold,
            boolean async) {
        boolean scheduled() {
            return every > 0;
        }
    }

    /** What a check found, and how it is told. */
    record Finding(Status status, @Nullable String reason) {}

    /** What a report says of a check. */
    record View(
            String name,
            boolean required,
            Status status,
            @Nullable String reason,
            int failures,
            @Nullable Duration duration,
            @Nullable Instant checkedAt,
            @Nullable Instant since,
            @Nullable Instant lastSuccess,
            @Nullable Duration runningFor) {}

    /** What a report says. */
    record Answer(Status status, @Nullable String reason, Instant timestamp, Duration duration, List<View> checks) {}

    /** What a listener is told. */
    record Change(
            @Nullable Status from, Status to, @Nullable String reason, Instant at) implements Told {}

    /** What a listener is told of a registration. */
    sealed interface Told {}

    /** It begins or ends. */
    enum Mark implements Told {
        BEGIN,
        END
    }

    /** What a listener is told of the whole of a probe, or of all for none. */
    record Whole(
            @Nullable Probe probe,
            @Nullable Status from,
            Status to,
            @Nullable String reason,
            Set<String> checks,
            Instant at) {}

    /** A run that counts. */
    record Judgement(Status found, Status shown) {}

    // What is done to the registry.

    boolean isClosed() {
        return closed;
    }

    boolean isDraining() {
        return draining;
    }

    boolean has(String name) {
        return checks.containsKey(name);
    }

    void register(String name, Terms terms) {
        Check check = new Check(name, terms);
        checks.put(name, check);
        check.live(Mark.BEGIN);
        tellWholes();
        if (terms.scheduled()) {
            long planned =
                    checks.values().stream().filter(one -> one.firstRunPlanned).count();
            check.nextRun = now + Math.min(planned * MS, BUDGET / 2);
            check.firstRunPlanned = true;
        }
    }

    void unregister(String name) {
        if (!closed) {
            checks.remove(name).go();
            tellWholes();
            answerWhatIsKnown();
        }
    }

    Question ask(@Nullable Probe probe) {
        Question question = new Question(probe);
        List<Check> asked = checks.values().stream()
                .filter(check -> probe == null || check.terms.probes.contains(probe))
                .toList();
        asked.forEach(question::about);
        if (probe == Probe.READINESS && !closed) {
            checks.values().stream()
                    .filter(check -> check.isAwaited() && check.isRequired())
                    .forEach(question::alsoWaitFor);
        }
        return begin(question);
    }

    Question ask(String name) {
        return ask(List.of(name));
    }

    /** Each once, and those that are there. */
    Question ask(List<String> names) {
        Question question = new Question(null);
        question.isByName = true;
        names.stream().distinct().filter(checks::containsKey).map(checks::get).forEach(question::about);
        return begin(question);
    }

    /** Somebody else has answered. */
    void asked(Probe probe) {
        told(probe, reason(probe));
    }

    Optional<Instant> lastAsked(Probe probe) {
        return Optional.ofNullable(lastAsked.get(probe)).map(Asked::date);
    }

    /** Whether somebody asks for readiness from time to time. */
    boolean isAskedForReadiness() {
        Asked last = lastAsked.get(Probe.READINESS);
        long most = MILLISECONDS.toNanos(900_000);
        return last != null && now - last.nanos < Math.max(MILLISECONDS.toNanos(60_000), Math.min(3 * last.gap, most));
    }

    private void told(@Nullable Probe probe, @Nullable String reason) {
        Probe asked = probe == null ? Probe.READINESS : probe;
        Asked before = lastAsked.get(asked);
        lastAsked.put(asked, new Asked(now, before == null ? 0 : now - before.nanos, date()));
        if ("draining".equals(reason) && now - MILLISECONDS.toNanos(1000) >= lastDrainTold) {
            drainsTold++;
            lastDrainTold = now;
        }
    }

    List<String> names() {
        return List.copyOf(checks.keySet());
    }

    /** What is known by now: nothing is run for it, and nobody is told. */
    Answer latest(@Nullable Probe probe) {
        List<View> all = checks.values().stream()
                .filter(check -> probe == null || check.terms.probes.contains(probe))
                .map(check -> check.known(probe))
                .toList();
        String reason = reason(probe);
        return new Answer(reason == null ? combined(all) : Status.DOWN, reason, date(), Duration.ZERO, all);
    }

    View latest(String name) {
        return checks.get(name).known(null);
    }

    private Question begin(Question question) {
        questions.add(question);
        answerWhatIsKnown();
        return question;
    }

    /** Whether a run of the check is in progress and not overdue. */
    boolean isRunning(String name) {
        Check check = checks.get(name);
        return check.current != null && !check.isStuck();
    }

    /** What {@code runNow} says at once, if it does; else a run of the check is on its way. */
    @Nullable
    View runNow(String name) {
        Check check = checks.get(name);
        if (check.isStuck()) {
            return check.stuck();
        }
        if (now < check.notBefore || check.isOver()) {
            return check.view();
        }
        check.start();
        answerWhatIsKnown();
        return check.current == null ? check.view() : null;
    }

    View view(String name) {
        return checks.get(name).view();
    }

    void drain() {
        draining = true;
        tellWholes();
    }

    void close() {
        if (!closed) {
            closed = true;
            tellWholes();
            checks.values().forEach(Check::go);
            answerWhatIsKnown();
        }
    }

    void refuseThreads(boolean refuse) {
        threadsRefused = refuse;
    }

    void jumpClock(Duration by) {
        clockIsAhead = clockIsAhead.plus(by);
    }

    /** A run has got its thread. */
    void begins(Run run) {
        run.begun = true;
        run.begunAt = now;
    }

    /** A run says what is to be reported if it does not end in time. */
    void deposits(Run run, Finding finding) {
        if (now < run.asked + run.check.terms.timeout) {
            run.deposit = finding;
        }
    }

    /** The thread of an asynchronous run has come back with a stage that is not complete. */
    void returnsStage(Run run, boolean cancellable) {
        run.waitsForStage = true;
        run.cancellable = cancellable;
        if (run.isGivenUp() && cancellable) {
            ends(run, TIMEOUT);
        }
    }

    void ends(Run run, Finding finding) {
        run.end(finding);
        answerWhatIsKnown();
    }

    void advance(long by) {
        long until = now + by;
        while (next() <= until) {
            now = Math.max(now, next());
            happen();
        }
        now = until;
    }

    /** Nothing happens for so long, and then all that should have. */
    void pause(long length) {
        now += length;
        advance(0);
    }

    private long next() {
        return Stream.concat(
                        checks.values().stream().map(Check::next),
                        questions.stream().map(question -> question.answer == null ? question.asked + BUDGET : NEVER))
                .min(Comparator.naturalOrder())
                .orElse(NEVER);
    }

    /** After a pause a question is answered with what is known when it is over. */
    private void happen() {
        Optional<Check> check =
                checks.values().stream().filter(one -> one.next() <= now).min(Comparator.comparing(Check::next));
        if (check.isPresent()) {
            check.get().happen();
        } else {
            questions.stream()
                    .filter(question -> question.answer == null && question.asked + BUDGET <= now)
                    .forEach(Question::answer);
        }
        answerWhatIsKnown();
    }

    private void answerWhatIsKnown() {
        questions.stream()
                .filter(question -> question.answer == null && question.isKnown())
                .forEach(Question::answer);
    }

    private Instant date() {
        return FakeTime.START.plusNanos(now).plus(clockIsAhead);
    }

    private static Status combined(List<View> all) {
        if (all.stream().anyMatch(view -> view.required && view.status == Status.DOWN)) {
            return Status.DOWN;
        }
        return all.stream().allMatch(view -> view.status == Status.UP) ? Status.UP : Status.DEGRADED;
    }

    private @Nullable String reason(@Nullable Probe probe) {
        if (probe == Probe.LIVENESS || probe == Probe.STARTUP) {
            return null;
        }
        if (closed) {
            return "closed";
        }
        if (draining) {
            return "draining";
        }
        return checks.values().stream().anyMatch(check -> check.isAwaited() && check.isRequired()) ? "starting" : null;
    }

    /** Tells of each probe that is another than a listener was told. */
    private void tellWholes() {
        Stream.of(Probe.LIVENESS, Probe.READINESS, Probe.STARTUP, null).forEach(this::tellWhole);
    }

    private void tellWhole(@Nullable Probe probe) {
        List<Check> all = checks.values().stream()
                .filter(check -> probe == null || check.terms.probes.contains(probe))
                .toList();
        List<Check> known = all.stream().filter(check -> check.status != null).toList();
        String reason = reason(probe);
        Set<String> down = names(known, check -> check.isRequired() && check.shown(probe) == Status.DOWN);
        Set<String> poor = names(known, check -> check.shown(probe) != Status.UP);
        Status status = reason != null || !down.isEmpty() ? Status.DOWN : poor.isEmpty() ? Status.UP : Status.DEGRADED;
        Optional<Whole> last = lastWhole(probe);
        if (last.isEmpty() && status != Status.DOWN && (known.isEmpty() || known.size() < all.size())) {
            return;
        }
        if (last.isEmpty() || last.get().to != status || !Objects.equals(last.get().reason, reason)) {
            Set<String> because = reason == null ? (down.isEmpty() ? poor : down) : Set.of();
            if ("starting".equals(reason)) {
                because = names(checks.values(), check -> check.isAwaited() && check.isRequired());
            }
            wholes.add(new Whole(probe, last.map(Whole::to).orElse(null), status, reason, because, date()));
        }
    }

    Optional<Whole> lastWhole(@Nullable Probe probe) {
        return wholes.stream().filter(whole -> whole.probe == probe).reduce((older, newer) -> newer);
    }

    private static Set<String> names(Collection<Check> checks, Predicate<Check> which) {
        return checks.stream().filter(which).map(check -> check.name).collect(Collectors.toSet());
    }

    /** Somebody who waits for a report. */
    final class Question {
        private final @Nullable Probe probe;
        private final long asked = now;
        private final Map<Check, Optional<View>> views = new LinkedHashMap<>();
        private final List<Check> alsoWaitsFor = new ArrayList<>();
        private boolean isByName;

        @Nullable
        Answer answer;

        Question(@Nullable Probe probe) {
            this.probe = probe;
        }

        void about(Check check) {
            views.put(check, Optional.ofNullable(check.read(probe)));
        }

        /** What readiness depends on although it does not show it. */
        void alsoWaitFor(Check check) {
            if (!views.containsKey(check) && check.read(Probe.STARTUP) == null) {
                alsoWaitsFor.add(check);
            }
        }

        void tell(Check check) {
            if (answer == null && views.containsKey(check) && views.get(check).isEmpty()) {
                views.put(check, Optional.of(check.last(probe)));
            }
            alsoWaitsFor.remove(check);
        }

        boolean isKnown() {
            return alsoWaitsFor.isEmpty() && views.values().stream().allMatch(Optional::isPresent);
        }

        void answer() {
            List<View> all = views.entrySet().stream()
                    .map(entry ->
                            entry.getValue().orElseGet(() -> entry.getKey().unanswered(probe)))
                    .toList();
            alsoWaitsFor.forEach(check -> check.unanswered(probe));
            String reason = isByName ? null : reason(probe);
            if (!isByName) {
                told(probe, reason);
            }
            answer = new Answer(
                    reason == null ? combined(all) : Status.DOWN, reason, date(), Duration.ofNanos(now - asked), all);
        }
    }

    /** One call of a check, from the moment it was asked for until it has come back. */
    final class Run {
        final Check check;
        final long asked = now;
        boolean begun;
        private long begunAt;
        boolean waitsForStage;
        boolean cancellable;
        /** Whether its check is being called, on the thread on which everything happens. */
        boolean called;
        /** Whether its task is still to be run, be it that it has begun and hangs. */
        boolean inQueue = true;

        private boolean overdue;
        /** It got no thread in time, and gets none any more. */
        private boolean revoked;

        @Nullable
        private Finding deposit;
        /** From when on each timeout counts, and as how many failures it has counted. */
        private long countsFrom = asked;

        private int failures;

        Run(Check check) {
            this.check = check;
        }

        String name() {
            return check.name;
        }

        boolean isOverdue() {
            return overdue;
        }

        boolean isRevoked() {
            return revoked;
        }

        private boolean isLost() {
            return overdue && !revoked;
        }

        /** Whether its result is of use to nobody. */
        boolean isGivenUp() {
            return isOverdue() || check.gone;
        }

        private long nextFailure() {
            return countsFrom + (failures + 1) * check.terms.timeout;
        }

        /** Is found overdue, or to have been so for another timeout. */
        private void fail() {
            if (!overdue) {
                timeOut();
            }
            int all = Math.max(failures, (int) ((now - countsFrom) / check.terms.timeout));
            if (all > failures && check.isStuck() && !revoked) { // if revoked, the run that it was to replace counts on
                check.foundAgain(all - failures, countsFrom + all * check.terms.timeout);
            }
            failures = all;
        }

        private void timeOut() {
            long deadline = asked + check.terms.timeout;
            boolean costsThread = !waitsForStage;
            Finding missed = deposit == null ? TIMEOUT : deposit;
            boolean evidence = missed.status == Status.DOWN || check.isStuck();
            if (evidence) {
                failures = 1;
                boolean saysLess = !begun || missed.status == Status.DEGRADED;
                missed = check.isStuck() && saysLess ? check.overdueFinding() : missed;
            } else {
                countsFrom = asked + FIRST_PATIENCE;
            }
            overdue = true;
            revoked = !begun;
            check.current = null;
            if (!costsThread) {
                check.notBefore = deadline + check.terms.timeout;
            }
            check.found(missed, check.terms.timeout, deadline, evidence);
            check.plan(deadline, evidence);
            if (!revoked && !check.isStuck() && (costsThread || check.lost() == MOST_LOST)) {
                check.hanging = this;
            }
            if (check.isStuck()) {
                if (revoked) {
                    check.newestLost.countsFrom = deadline;
                    check.newestLost.failures = 0;
                } else {
                    check.newestLost = this;
                }
                check.nextRun = NEVER;
                check.replaceAt = deadline + (FIRST_PATIENCE << (check.lost() - 1));
            }
            if (!costsThread && cancellable) {
                runs.remove(this);
                check.cameBackLate();
            }
        }

        /** There is no thread for it. If another one hangs, that is still all that is known. */
        private void refuse() {
            if (!check.isStuck()) {
                end(new Finding(Status.DOWN, "rejected"));
                return;
            }
            runs.remove(this);
            check.current = null;
            check.found(check.overdueFinding(), 0, now, true);
            check.newestLost.countsFrom = now;
            check.newestLost.failures = 0;
            check.nextRun = NEVER;
            check.replaceAt = now + (FIRST_PATIENCE << (check.lost() - 1));
        }

        private void end(Finding finding) {
            runs.remove(this);
            if (check.gone || revoked) {
                return;
            }
            if (isOverdue()) {
                check.cameBackLate();
                return;
            }
            check.current = null;
            check.hanging = null;
            check.found(slow(finding), begun ? now - begunAt : 0, now, true);
            check.plan(now, finding.status == Status.DOWN);
        }

        private Finding slow(Finding finding) {
            boolean slow = check.terms.slowAfter > 0 && now - begunAt > check.terms.slowAfter;
            return slow && finding.status == Status.UP ? new Finding(Status.DEGRADED, "slow") : finding;
        }
    }

    final class Check {
        final String name;
        final Terms terms;
        boolean gone;
        /** The run that is in progress and not overdue. */
        @Nullable
        Run current;
        /** The overdue run that keeps the check from being run, and the newest of those that were tried instead. */
        @Nullable
        Run hanging;

        @Nullable
        Run newestLost;

        boolean firstRunPlanned;
        long nextRun = NEVER;
        long replaceAt = NEVER;
        long notBefore = -NEVER;

        @Nullable
        Status status;

        @Nullable
        String reason;

        int failures;
        int successes;
        long duration;
        long judged;

        @Nullable
        Instant judgedAt;
        /** Up to when runs have counted, and for how long that is known although nobody asks. */
        long counted;

        long knownFor;
        /** An overdue run has failed more than once: how often somebody has looked decides what it took and when. */
        boolean recounted;
        /** What has last been counted is told for ever. */
        boolean wentWhileHanging;

        @Nullable
        Instant since;

        @Nullable
        Instant lastSuccess;
        /** Since when it is stale, if somebody was told. */
        @Nullable
        Instant staleSince;
        /** What a startup check passed with. */
        @Nullable
        View passed;
        /** A run that ended has made it other than DOWN. */
        boolean hasBeenWell;

        Check(String name, Terms terms) {
            this.name = name;
            this.terms = terms;
        }

        /** As what the check counts for the whole of a probe. */
        Status shown(@Nullable Probe probe) {
            if (probe == Probe.STARTUP && passed != null) {
                return passed.status;
            }
            return staleSince != null && probe != Probe.LIVENESS ? Status.DOWN : Objects.requireNonNull(status);
        }

        void live(Told told) {
            lives.computeIfAbsent(name, any -> new ArrayList<>()).add(told);
        }

        boolean isRequired() {
            return terms.required || (terms.requiredToStart && !hasBeenWell);
        }

        boolean isStartup() {
            return terms.probes.contains(Probe.STARTUP);
        }

        /** Whether it has passed startup and is there for nothing else. */
        boolean isOver() {
            return passed != null && terms.probes.equals(List.of(Probe.STARTUP));
        }

        boolean isAwaited() {
            return isStartup() && passed == null;
        }

        boolean isStuck() {
            return hanging != null;
        }

        long lost() {
            return lostRuns().count();
        }

        private Stream<Run> lostRuns() {
            return runs.stream().filter(run -> run.check == this && run.isLost());
        }

        /** What the newest lost run that is of use has deposited. */
        private @Nullable Finding explanation() {
            List<Run> newestFirst = new ArrayList<>(lostRuns().toList());
            Collections.reverse(newestFirst);
            for (Run run : newestFirst) {
                if (run.deposit == null || run.deposit.status == Status.DOWN || run == hanging) {
                    return run.deposit;
                }
            }
            return null;
        }

        private Finding overdueFinding() {
            Finding explanation = explanation();
            return explanation == null ? TIMEOUT : explanation.status == Status.DOWN ? explanation : STUCK;
        }

        // What a question gets.

        /** Null if it has to wait. */
        @Nullable
        View read(@Nullable Probe probe) {
            if (passed != null && (probe == Probe.STARTUP || isOver())) {
                return passed;
            }
            if (closed) {
                return last(probe);
            }
            if (isStuck()) {
                return stuck();
            }
            boolean known = status != null
                    && (terms.scheduled() ? !isStale() : now - judged < terms.cacheFor || now < notBefore);
            if (known) {
                return view();
            }
            if (current != null && current.called) {
                return new View(
                        name, isRequired(), Status.DOWN, "asks-itself", 0, Duration.ZERO, null, null, null, null);
            }
            if (current == null) {
                start();
            }
            return current == null ? view() : null;
        }

        private boolean isStale() {
            return now - judged >= 3 * terms.every + terms.timeout;
        }

        /** What is known without a run. */
        View known(@Nullable Probe probe) {
            if (passed != null && (probe == Probe.STARTUP || isOver())) {
                return passed;
            }
            if (closed || status == null) {
                return last(probe);
            }
            if (isStuck()) {
                return stuck();
            }
            if (terms.scheduled()) {
                return isStale() && probe != Probe.LIVENESS
                        ? view(Status.DOWN, "stale", staleSince == null ? staleSince() : staleSince, null)
                        : view();
            }
            return now - counted < knownFor ? view() : forgotten(probe == Probe.LIVENESS ? Status.UP : Status.DOWN);
        }

        private View forgotten(Status unknown) {
            Instant end = Objects.requireNonNull(judgedAt).plusNanos(knownFor);
            return view(unknown, "pending", unknown == status ? since : end, null);
        }

        View view() {
            return view(Objects.requireNonNull(status), reason, since, null);
        }

        private View view(Status shown, @Nullable String why, @Nullable Instant begin, @Nullable Duration runningFor) {
            return new View(
                    name,
                    isRequired(),
                    shown,
                    why,
                    wentWhileHanging ? UNSAID : failures,
                    recounted || wentWhileHanging ? null : Duration.ofNanos(duration),
                    recounted || wentWhileHanging ? null : judgedAt,
                    begin,
                    lastSuccess,
                    runningFor);
        }

        /** Also of a check that is gone. */
        View last(@Nullable Probe probe) {
            return status == null ? pending(probe) : view();
        }

        View pending(@Nullable Probe probe) {
            return view(probe == Probe.LIVENESS ? Status.UP : Status.DOWN, "pending", null, null);
        }

        /** The time of the question is over. */
        View unanswered(@Nullable Probe probe) {
            if (gone || status == null || !terms.scheduled()) {
                return gone ? last(probe) : pending(probe);
            }
            return probe == Probe.LIVENESS ? view() : stale();
        }

        View stuck() {
            return view(
                    Objects.requireNonNull(status),
                    explanation() == null ? "stuck" : reason,
                    since,
                    Duration.ofNanos(now - Objects.requireNonNull(hanging).asked));
        }

        private View stale() {
            if (staleSince == null) {
                staleSince = staleSince();
                tell(status, Status.DOWN, "stale");
            }
            return view(Status.DOWN, "stale", staleSince, null);
        }

        private @Nullable Instant staleSince() {
            return status == Status.DOWN
                    ? since
                    : Objects.requireNonNull(judgedAt).plusNanos(3 * terms.every + terms.timeout);
        }

        // What happens by itself.

        long next() {
            return Math.min(nextFailure(), Math.min(nextRun, replaceAt));
        }

        private long nextFailure() {
            if (current != null) {
                return current.nextFailure();
            }
            return newestLost != null && isStuck() ? newestLost.nextFailure() : NEVER;
        }

        void happen() {
            if (nextFailure() <= now) {
                Objects.requireNonNull(current == null ? newestLost : current).fail();
            } else if (next() == replaceAt) {
                replaceAt = NEVER;
                if (lost() < MOST_LOST) {
                    start();
                }
            } else {
                start();
            }
        }

        void start() {
            firstRunPlanned = false;
            nextRun = NEVER;
            replaceAt = NEVER;
            Run run = new Run(this);
            current = run;
            runs.add(run);
            if (threadsRefused) {
                run.refuse();
            }
        }

        void plan(long end, boolean failing) {
            replaceAt = NEVER;
            nextRun = NEVER;
            if (terms.scheduled() && !isOver()) {
                long pause = failing ? Math.min(terms.every, MILLISECONDS.toNanos(5000)) : terms.every;
                nextRun = Math.max(end + pause, notBefore);
            }
        }

        /** Whatever else hangs, the check can be run again. */
        void cameBackLate() {
            if (isStuck()) {
                hanging = null;
                replaceAt = NEVER;
                if (current == null) {
                    plan(now, true);
                }
            }
        }

        /** What a stage waits for that is cancelled has come back. */
        private void giveUp() {
            runs.removeIf(run -> run.check == this && run.waitsForStage && run.cancellable);
        }

        void go() {
            gone = true;
            wentWhileHanging = isStuck();
            hanging = null;
            nextRun = NEVER;
            replaceAt = NEVER;
            current = null;
            giveUp();
            live(Mark.END);
            questions.forEach(question -> question.tell(this));
        }

        // What a run means.

        void found(Finding finding, long took, long end, boolean evidence) {
            recounted = false;
            judged = end;
            long gap = status == null ? 0 : end - counted;
            knownFor = Math.min(Math.max(KNOWN_FOR, 3 * gap), KNOWN_FOR_MOST);
            counted = end;
            found(finding, took, evidence ? 1 : 0);
            judgements
                    .computeIfAbsent(name, any -> new ArrayList<>())
                    .add(new Judgement(finding.status, Objects.requireNonNull(status)));
            questions.forEach(question -> question.tell(this));
        }

        /** The run that is overdue has lasted some more timeouts. */
        void foundAgain(int times, long end) {
            recounted = true;
            knownFor = KNOWN_FOR;
            counted = end;
            found(overdueFinding(), duration, times);
        }

        /** {@code times}: as how many runs it counts; zero if it is no evidence. */
        private void found(Finding finding, long took, int times) {
            boolean failed = finding.status == Status.DOWN;
            boolean first = failures == 0 && successes == 0;
            failures = failed || times == 0 ? failures + times : 0;
            successes = failed ? 0 : times == 0 ? successes : successes + 1;
            Status before = status;
            Status shownBefore = staleSince == null ? before : Status.DOWN;
            String reasonBefore = staleSince == null ? reason : "stale";
            reason = finding.reason;
            if (times == 0) {
                status = before == Status.DOWN ? before : finding.status;
            } else if (first || failed == (before == Status.DOWN)) {
                status = finding.status;
            } else if (failed) {
                status = failures >= terms.failureThreshold ? Status.DOWN : before;
            } else if (successes >= terms.successThreshold) {
                status = finding.status;
            } else {
                reason = "recovering";
            }
            duration = took;
            judgedAt = date();
            if (status != shownBefore) {
                since = date();
            } else if (staleSince != null) {
                since = staleSince;
            }
            staleSince = null;
            lastSuccess = failed || times == 0 ? lastSuccess : date();
            hasBeenWell |= status != Status.DOWN && times > 0;
            if (status != shownBefore || !Objects.equals(reason, reasonBefore)) {
                tell(shownBefore, status, reason);
            }
            if (isAwaited() && status != Status.DOWN && times > 0) {
                passed = view();
                tellWholes();
            }
        }

        private void tell(@Nullable Status from, Status to, @Nullable String why) {
            live(new Change(from, to, why, date()));
            tellWholes();
        }
    }
}
