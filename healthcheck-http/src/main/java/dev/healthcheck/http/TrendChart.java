package dev.healthcheck.http;

import dev.healthcheck.CheckReport.PastRun;
import dev.healthcheck.Status;
import java.time.Duration;
import java.util.List;

/**
 * Draws the durations of past runs as bars, the newest at the right, and tells the longest. A run that was not UP has a
 * mark below its bar.
 */
final class TrendChart {
    private static final int BARS = 60;
    private static final int STEP = 4;
    private static final int BAR_WIDTH = 3;
    private static final int GROUND = 24;
    private static final int MARK = 6;
    /** The least height of the scale: runs that take next to no time must not look like trouble. */
    private static final Duration LEAST_SCALE = Duration.ofMillis(1);

    private final List<PastRun> runs;
    private final Duration longest;

    TrendChart(List<PastRun> runs) {
        this.runs = runs;
        longest = runs.stream().map(PastRun::duration).max(Duration::compareTo).orElse(Duration.ZERO);
    }

    void write(Html html) {
        html.markup("<svg class=\"trend\" role=\"img\" preserveAspectRatio=\"none\" viewBox=\"0 0 " + BARS * STEP + " "
                + (GROUND + 2 + MARK) + "\" aria-label=\"" + inWords() + "\">");
        for (Status status : Status.values()) {
            String bars = barsOf(status);
            if (!bars.isEmpty()) {
                html.markup("<path class=\"" + Page.classOf(status) + "\" d=\"" + bars + "\"/>");
            }
        }
        html.markup("</svg>");
        if (!runs.isEmpty()) {
            html.element("p", "class=\"scale\" aria-hidden=\"true\"", scale());
        }
    }

    /** Returns what those who see the bars need: {@code at most 1.2 ms in 60 runs; 3 failed (marked)}. */
    private String scale() {
        String scale =
                "at most " + TimeText.inWords(longest) + " in " + (runs.size() == 1 ? "1 run" : runs.size() + " runs");
        long failed = failed();
        return failed == 0 ? scale : scale + "; " + failed + " failed (marked)";
    }

    private long failed() {
        return runs.stream().filter(run -> run.status() == Status.DOWN).count();
    }

    private String inWords() {
        if (runs.isEmpty()) {
            return "No run has ended yet";
        }
        String durations = runs.size() == 1
                ? "Duration of the last run: "
                : "Durations of the last " + runs.size() + " runs, at most ";
        return durations + TimeText.inWords(longest) + "; " + failed() + " failed";
    }

    private String barsOf(Status status) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < runs.size(); i++) {
            PastRun run = runs.get(i);
            if (run.status() == status) {
                int x = (BARS - runs.size() + i) * STEP;
                rectangle(path, x, GROUND, -height(run.duration()));
                if (status != Status.UP) {
                    rectangle(path, x, GROUND + 2, status == Status.DOWN ? MARK : MARK / 2);
                }
            }
        }
        return path.toString();
    }

    private long height(Duration duration) {
        Duration scale = longest.compareTo(LEAST_SCALE) < 0 ? LEAST_SCALE : longest;
        return Math.max(1, Math.round((double) GROUND * duration.toNanos() / scale.toNanos()));
    }

    private static void rectangle(StringBuilder path, int x, int y, long height) {
        path.append('M').append(x).append(' ').append(y).append('v').append(height);
        path.append('h').append(BAR_WIDTH).append('v').append(-height).append('z');
    }
}
