package dev.healthcheck.jdbc;

import dev.healthcheck.CheckReport;
import dev.healthcheck.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An answer that a prober got. {@code at} is when it asked, by {@code nanoTime}. */
record Answer(
        long at,
        Duration took,
        Status status,
        @Nullable String reason,
        @Nullable String message) {

    static Answer of(long at, CheckReport report) {
        return new Answer(
                at, Duration.ofNanos(System.nanoTime() - at), report.status(), report.reason(), report.message());
    }

    boolean isUp() {
        return status == Status.UP;
    }

    /** When the prober knew it. */
    long known() {
        return at + took.toNanos();
    }

    /** For people: the status, and the reason if there is one. */
    String verdict() {
        return reason == null ? status.toString() : status + " " + reason;
    }

    /** Each change of the verdict, with the seconds since then. */
    static String changes(List<Answer> answers, long since) {
        List<String> changes = new ArrayList<>();
        String last = "UP";
        for (Answer answer : answers) {
            if (answer.at() >= since && !answer.verdict().equals(last)) {
                last = answer.verdict();
                changes.add(PoolTable.seconds(Duration.ofNanos(answer.known() - since)) + " " + last);
            }
        }
        int most = 8;
        return changes.size() <= most
                ? String.join(", ", changes)
                : String.join(", ", changes.subList(0, most)) + ", and " + (changes.size() - most) + " more";
    }
}
