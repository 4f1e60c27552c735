package dev.healthcheck.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One fault of one server, and all pools before it at the same time. All are sound when it begins, and idle until it is
 * over; then the application wants everything at once.
 */
final class PoolTrial {
    private static final Duration SAMPLE = Duration.ofMillis(100);
    /** Tomcat's pool does not test what it has tested less than 3 s ago. When that ends is chance. */
    private static final Duration LONGEST_TRUST = Duration.ofMillis(3500);

    private static final Duration CLEANUP = Duration.ofSeconds(8);

    /** Half of a check's timeout. After a longer stall of the machine, timers measure the stall and not the fault. */
    private static final Duration LONGEST_STALL = Duration.ofMillis(400);

    private static final int MOST_TRIALS = 3;

    private final PoolSubjects subjects;
    private final FaultyServer server;
    /** What most there was of each at the same time, by the user of the pool. */
    private final Map<String, Integer> mostThreads = new HashMap<>();

    private final Map<String, Integer> mostRunning = new HashMap<>();
    /** In nanoseconds; the most that a sample was late. */
    private long longestStall;

    private PoolTrial(PoolSubjects subjects) {
        this.subjects = subjects;
        server = subjects.server;
    }

    /** Returns when it is over. */
    @FunctionalInterface
    interface Fault {
        void happen(PoolTrial trial) throws Exception;
    }

    /** With the rules that hold for every fault. */
    static PoolTable<PoolOutcome> table(String title, PoolServers servers, PoolSubjects.Plan plan, Fault fault)
            throws Exception {
        return PoolOutcome.table(title, servers.each(server -> run(server, plan, fault)))
                .rule(PoolRules::servesTheApplication)
                .rule(PoolRules::comesUp)
                .rule(PoolRules::leavesNothing);
    }

    static PoolTable<PoolOutcome> freeze(String title, PoolServers servers, PoolSubjects.Plan plan, Duration duration)
            throws Exception {
        return table(title, servers, plan, trial -> {
                    trial.server.freeze();
                    trial.hold(duration);
                    trial.server.thaw();
                })
                .rule(PoolRules.keepsConnections(kind -> kind.isHikari() ? (int) duration.toSeconds() / 5 : 0))
                .rule(PoolRules.says(Set.of("unreachable"), Set.of("unreachable", "timeout")))
                .rule(PoolRules::answersAtOnceWhileOverdue)
                .rule(PoolRules::isUpWithTheNextRun);
    }

    static PoolTable<PoolOutcome> terminate(String title, PoolServers servers, PoolSubjects.Plan plan)
            throws Exception {
        return table(title, servers, plan, trial -> {
            trial.server.terminate();
            trial.hold(LONGEST_TRUST);
        });
    }

    /** Repeats a trial during which the machine stalled, whatever its outcome. */
    private static List<PoolOutcome> run(FaultyServer server, PoolSubjects.Plan plan, Fault fault) throws Exception {
        for (int number = 1; ; number++) {
            try (PoolSubjects subjects = PoolSubjects.open(server, plan)) {
                PoolTrial trial = new PoolTrial(subjects);
                List<PoolOutcome> outcomes = trial.run(plan, fault);
                if (trial.longestStall < LONGEST_STALL.toNanos() || number == MOST_TRIALS) {
                    return outcomes;
                }
            }
        }
    }

    FaultyServer server() {
        return server;
    }

    PoolSubjects subjects() {
        return subjects;
    }

    private List<PoolOutcome> run(PoolSubjects.Plan plan, Fault fault) throws Exception {
        List<Set<Long>> before = subjects.together(subjects.all, PoolSubject::fill);
        subjects.together(subjects.guarded(), subject -> {
            subject.ask(subjects.registry, plan.locks() ? lockOwnRow(subject) : null);
            return null;
        });
        long start = System.nanoTime();
        fault.happen(this);
        long end = System.nanoTime();
        List<Recovery> recoveries = subjects.together(subjects.all, subject -> recover(subject, end, plan.patience()));
        Map<String, Integer> open = connectionsNotAbove(PoolSubjects.SIZE);
        subjects.all.forEach(PoolSubject::stopAsking);
        subjects.registry.close();
        // wakes a check that Agroal has passed over, as it does with any waiter now and then
        subjects.together(subjects.guarded(), subject -> subject.application.takeAll(1));
        Map<String, Integer> threadsLeft = threadsLeft();
        subjects.closePools();
        Map<String, Integer> connectionsLeft = connectionsNotAbove(0);

        List<PoolOutcome> outcomes = new ArrayList<>();
        for (int i = 0; i < subjects.all.size(); i++) {
            PoolSubject subject = subjects.all.get(i);
            Recovery recovery = recoveries.get(i);
            outcomes.add(new PoolOutcome(
                    subject.kind,
                    subject.settings.route(),
                    subject.interval,
                    start,
                    end,
                    List.copyOf(subject.answers),
                    recovery.service(),
                    recovery.up(),
                    replaced(before.get(i), recovery.service().backends()),
                    number(mostThreads, subject),
                    number(mostRunning, subject),
                    subject.settings.timeouts().get(),
                    number(open, subject),
                    number(connectionsLeft, subject),
                    number(threadsLeft, subject)));
        }
        return outcomes;
    }

    private record Recovery(
            Application.Service service, @Nullable Answer up) {}

    private static Recovery recover(PoolSubject subject, long end, Duration patience) throws InterruptedException {
        Application.Service service = subject.application.use(PoolSubjects.SIZE, patience);
        return new Recovery(service, subject.isControl() ? null : subject.awaitUp(end, patience));
    }

    private static int replaced(Set<Long> before, Set<Long> after) {
        Set<Long> gone = new HashSet<>(before);
        gone.removeAll(after);
        return gone.size();
    }

    private static int number(Map<String, Integer> numbers, PoolSubject subject) {
        return numbers.getOrDefault(subject.user(), 0);
    }

    private static String lockOwnRow(PoolSubject subject) {
        String row = subject.user().substring(FaultyServer.USER.length());
        return "SELECT id FROM " + FaultyServer.TABLE + " WHERE id = " + row + " FOR UPDATE";
    }

    /** Lets the fault last, and looks at the threads of the checks meanwhile. */
    void hold(Duration duration) throws SQLException {
        hold(duration, Map::of);
    }

    /** Looks also at the statements that the server runs. */
    void holdAndWatchQueries(Duration duration) throws SQLException {
        hold(duration, server::running);
    }

    @FunctionalInterface
    private interface Look {
        Map<String, Integer> look() throws SQLException;
    }

    private void hold(Duration duration, Look queries) throws SQLException {
        long start = System.nanoTime();
        for (long rest = duration.toNanos(); rest > 0; rest = start + duration.toNanos() - System.nanoTime()) {
            long next = System.nanoTime() + Math.min(rest, SAMPLE.toNanos());
            pause(next - System.nanoTime());
            longestStall = Math.max(longestStall, System.nanoTime() - next);
            keepMost(mostThreads, threads());
            keepMost(mostRunning, queries.look());
        }
    }

    /** For faults that last; nothing is waited for. */
    static void pause(long nanos) {
        long end = System.nanoTime() + nanos;
        for (long rest = nanos; rest > 0; rest = end - System.nanoTime()) {
            LockSupport.parkNanos(rest);
        }
    }

    private static void keepMost(Map<String, Integer> most, Map<String, Integer> now) {
        now.forEach((user, number) -> most.merge(user, number, Math::max));
    }

    /** The threads that run a check now, by its name. */
    private static Map<String, Integer> threads() {
        ThreadGroup root = Thread.currentThread().getThreadGroup();
        while (root.getParent() != null) {
            root = root.getParent();
        }
        Thread[] all = new Thread[2 * root.activeCount() + 100];
        int number = root.enumerate(all);
        String ours = "healthcheck-";
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < number; i++) {
            String name = all[i].getName();
            if (name.startsWith(ours + FaultyServer.USER)) {
                counts.merge(name.substring(ours.length()), 1, Integer::sum);
            }
        }
        return counts;
    }

    private static Map<String, Integer> threadsLeft() throws SQLException {
        return notAbove(0, PoolTrial::threads);
    }

    private Map<String, Integer> connectionsNotAbove(int limit) throws SQLException {
        return notAbove(limit, server::connections);
    }

    /** Waits for a while until no number is above the limit, and returns the numbers that there are then. */
    private static Map<String, Integer> notAbove(int limit, Look look) throws SQLException {
        long start = System.nanoTime();
        Map<String, Integer> now = look.look();
        while (now.values().stream().anyMatch(number -> number > limit)
                && System.nanoTime() - start < CLEANUP.toNanos()) {
            pause(SAMPLE.toNanos());
            now = look.look();
        }
        return now;
    }
}
