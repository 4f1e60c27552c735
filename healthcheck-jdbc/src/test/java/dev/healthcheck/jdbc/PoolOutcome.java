package dev.healthcheck.jdbc;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of one pool.
 *
 * @param interval of the prober; null is the control
 * @param start of the fault, by {@code nanoTime}
 * @param end of the fault
 * @param up the first UP that was asked for after the end; null if there was none
 * @param replaced connections that the pool had before and has no more
 * @param mostThreads that ran the check at the same time, during the fault
 * @param mostRunning statements of the check that the server ran at the same time
 * @param timeouts of borrowers, as HikariCP counts them
 * @param open connections of the pool at the end, by the server's count
 * @param connectionsLeft after the pool was closed
 * @param threadsLeft after the registry was closed
 */
record PoolOutcome(
        PoolKind kind,
        Route route,
        @Nullable Duration interval,
        long start,
        long end,
        List<Answer> answers,
        Application.Service service,
        @Nullable Answer up,
        int replaced,
        int mostThreads,
        int mostRunning,
        int timeouts,
        int open,
        int connectionsLeft,
        int threadsLeft)
        implements PoolTable.Pool {

    /** The answers to those who asked while the fault lasted. */
    List<Answer> during() {
        return answers.stream()
                .filter(answer -> answer.at() >= start && answer.known() < end)
                .toList();
    }

    Duration lasted() {
        return Duration.ofNanos(end - start);
    }

    /** After how long the prober was first told that not all is well. */
    @Nullable
    Duration noticed() {
        return during().stream()
                .filter(answer -> !answer.isUp())
                .findFirst()
                .map(answer -> Duration.ofNanos(answer.known() - start))
                .orElse(null);
    }

    /** The reasons of all answers during the fault that were not UP. */
    Set<String> reasons() {
        Set<String> reasons = new TreeSet<>();
        for (Answer answer : during()) {
            if (!answer.isUp()) {
                reasons.add(Objects.requireNonNullElse(answer.reason(), "-"));
            }
        }
        return reasons;
    }

    /** When the check turned to this verdict first, from the start of the fault on; null if it did not. */
    @Nullable
    Duration first(String verdict) {
        return answers.stream()
                .filter(answer -> answer.at() >= start && answer.verdict().equals(verdict))
                .findFirst()
                .map(answer -> Duration.ofNanos(answer.known() - start))
                .orElse(null);
    }

    /** From the end of the fault to the first UP. */
    @Nullable
    Duration upAfter() {
        return up == null ? null : Duration.ofNanos(up.known() - end);
    }

    /** Each change of the verdict, from the start of the fault to the first UP after it. */
    String shown() {
        return Answer.changes(answers, start);
    }

    static PoolTable<PoolOutcome> table(String title, List<PoolOutcome> outcomes) {
        return new PoolTable<>(title, outcomes)
                .column("served", (ours, control) -> ours.service.served() + " / " + control.service.served())
                .column("at once", (ours, control) -> ours.service.atOnce() + " / " + control.service.atOnce())
                .column(
                        "all after",
                        (ours, control) -> PoolTable.seconds(ours.service.all()) + " / "
                                + PoolTable.seconds(control.service.all()))
                .column("replaced", (ours, control) -> ours.replaced + " / " + control.replaced)
                .column("open", (ours, control) -> ours.open + " / " + control.open)
                .column("shown", (ours, control) -> ours.shown())
                .column("noticed", (ours, control) -> PoolTable.seconds(ours.noticed()))
                .column("UP after", (ours, control) -> PoolTable.seconds(ours.upAfter()))
                .column("threads", (ours, control) -> ours.mostThreads)
                .column("queries", (ours, control) -> ours.mostRunning)
                .column("time-outs", (ours, control) -> ours.timeouts + " / " + control.timeouts)
                .column("left", (ours, control) -> ours.connectionsLeft + " + " + ours.threadsLeft);
    }
}
