package dev.healthcheck.restarts;

import java.io.IOException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts the requests of one run. Thread-safe. */
final class Tally {
    private static final Duration LATE = Duration.ofMillis(500);
    private static final int SHOWN = 20;

    private final Duration length;
    private final Map<String, Integer> failures = new TreeMap<>();
    private final List<String> first = new ArrayList<>();
    private int requests;
    private int failed;
    private int late;

    Tally(Duration length) {
        this.length = length;
    }

    synchronized void answered(int status, Duration taken) {
        requests++;
        if (status != 200) {
            failed("status " + status, taken);
        } else if (taken.compareTo(length.plus(LATE)) > 0) {
            late++;
        }
    }

    synchronized void broke(IOException e, Duration taken) {
        requests++;
        failed(e.toString(), taken);
    }

    private void failed(String why, Duration taken) {
        failed++;
        failures.merge(why, 1, Integer::sum);
        if (first.size() < SHOWN) {
            first.add(LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.MILLIS) + " " + why + " after "
                    + taken.toMillis() + " ms");
        }
    }

    synchronized int requests() {
        return requests;
    }

    synchronized int failed() {
        return failed;
    }

    /** Returns how many were answered more than 500 ms later than their own length. */
    synchronized int late() {
        return late;
    }

    /** Returns what failed, by cause, and the first failures with their times. */
    synchronized String failures() {
        return failures + "\n  " + String.join("\n  ", first);
    }
}
