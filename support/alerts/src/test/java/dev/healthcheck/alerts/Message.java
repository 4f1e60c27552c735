package dev.healthcheck.alerts;

import java.time.Duration;
import java.util.Locale;

/** What arrived at a sink, and when, counted from the start of the scenario. */
record Message(Duration at, String by, String to, String title, String text) {
    boolean isAbout(String word) {
        return title.contains(word) || text.contains(word);
    }

    boolean isResolution() {
        return title.startsWith("[resolved]");
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%5.1f s  %s to %s: %s", at.toMillis() / 1e3, by, to, title) + "\n"
                + text.strip().indent(11);
    }
}
