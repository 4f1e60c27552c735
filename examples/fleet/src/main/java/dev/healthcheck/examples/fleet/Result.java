package dev.healthcheck.examples.fleet;

import java.time.Duration;
import java.util.Locale;

/**
 * The counts of a trial, and the times that its steps took on this machine.
 *
 * @param recovery the time from the return of the database to the last request that was not served
 * @param outage how long the database was away
 * @param restart the time from SIGTERM until the next process answered; the longest, if several restarted
 * @param restarts how many processes were started again
 * @param slowest the longest time in which a request was served; it tells how busy this machine was
 */
record Result(
        Policy policy,
        Settings settings,
        long served,
        long degraded,
        long failed,
        Duration recovery,
        Duration outage,
        Duration restart,
        int restarts,
        Duration slowest) {
    private static final String ROW = "| %-17s | %9s | %7s | %8s | %7s | %8s | %8s |%n";

    static String header() {
        return String.format(ROW, "policy", "requests", "served", "degraded", "failed", "recovery", "restarts")
                + "|---|---|---|---|---|---|---|\n";
    }

    String row() {
        long requests = served + degraded + failed;
        return String.format(
                Locale.ROOT,
                ROW,
                policy,
                String.format(Locale.ROOT, "%,d", requests),
                percent(served, requests),
                percent(degraded, requests),
                percent(failed, requests),
                String.format(Locale.ROOT, "%.1f s", recovery.toMillis() / 1e3),
                restarts);
    }

    /** Returns all of it in one line, for {@code support/fleet/run}. */
    String words() {
        return "policy=" + policy
                + " instances=" + settings.instances()
                + " restarted=" + settings.restarted()
                + " rate=" + settings.rate()
                + " interval=" + Balancer.INTERVAL.toMillis()
                + " fall=" + Balancer.FALL
                + " rise=" + Balancer.RISE
                + " before=" + settings.before().toMillis()
                + " outage=" + outage.toMillis()
                + " after=" + settings.after().toMillis()
                + " restartAfter=" + settings.restartAfter().toMillis()
                + " drain=" + Balancer.DRAIN.toMillis()
                + " restart=" + restart.toMillis()
                + " served=" + served
                + " degraded=" + degraded
                + " failed=" + failed
                + " recovery=" + recovery.toMillis()
                + " restarts=" + restarts
                + " slowest=" + slowest.toMillis();
    }

    private static String percent(long part, long requests) {
        return String.format(Locale.ROOT, "%.1f %%", 100.0 * part / requests);
    }
}
