package dev.healthcheck.http;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.joining;

import dev.healthcheck.CheckReport;
import dev.healthcheck.CheckReport.PastRun;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Probe;
import dev.healthcheck.Status;
import dev.healthcheck.StatusChange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Writes one status page. */
final class Page {
    private static final int MOST_CHANGES = 20;
    /** So many checks that are wrong are named at the top: more would not be read there. */
    private static final int MOST_NAMED = 8;

    private final Html html = new Html();
    private final Map<String, String> service;
    private final @Nullable String home;
    private final Instant now;
    private final boolean details;

    Page(Map<String, String> service, @Nullable String home, Instant now, boolean details) {
        this.service = service;
        this.home = home;
        this.now = now;
        this.details = details;
    }

    byte[] report(HealthReport report) {
        String view = report.probe() == null ? "" : Paths.word(report.probe());
        String reason = report.reason();
        begin(report.status(), report.status().name(), view);
        if (reason != null) {
            html.element("p", "class=\"why\"", inWords(reason));
        }
        List<CheckReport> checks = worstFirst(report.checks());
        html.element("p", "", summary(checks));
        wrong(checks.stream().filter(c -> c.status() != Status.UP).toList());
        endHeader(view);
        checks(checks);
        changes(checks, true);
        return end();
    }

    byte[] check(CheckReport check) {
        begin(check.status(), check.status().name(), check.name());
        html.element("p", "class=\"why\"", check.name());
        endHeader(null);
        html.markup("<h2>Check</h2>\n<div class=\"check ");
        html.markup(classOf(check.status()) + "\" id=\"check-")
                .text(check.name())
                .markup("\">");
        word(check);
        meanings(check.reason());
        about(check, true);
        html.markup("</div>\n");
        changes(List.of(check), false);
        runs(check.runs());
        return end();
    }

    byte[] pending(Status status) {
        begin(status, status.name(), "");
        html.element("p", "class=\"why\"", "pending: the checks have not answered yet");
        endHeader(null);
        return end();
    }

    byte[] problem(String what) {
        begin(null, what, "");
        endHeader(null);
        return end();
    }

    private static String wordOf(Probe probe) {
        return probe.name().toLowerCase(Locale.ROOT);
    }

    static String classOf(Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private void begin(@Nullable Status status, String word, String subject) {
        html.markup("""
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <noscript><meta http-equiv="refresh" content="10"></noscript>
                """);
        html.element("title", "", title(word, subject));
        html.markup("\n<style>").markup(PageAssets.STYLE).markup("</style>\n</head>\n<body>\n");
        html.markup("<aside id=\"gone\" aria-label=\"Connection\" hidden><p role=\"alert\"></p><p></p></aside>\n");
        html.markup("<main id=\"health\" class=\"" + (status == null ? "problem" : classOf(status))
                + "\" data-version=\"" + PageAssets.VERSION + "\">\n<header>");
        html.markup("<p>")
                .element("bdi", "", service.getOrDefault("name", "health"))
                .markup(" ");
        html.element("bdi", "", service.getOrDefault("version", "")).markup("</p>");
        html.markup("<h1>");
        if (status != null) {
            icon(status);
        }
        html.element("span", "aria-live=\"polite\"", word).markup("</h1>");
    }

    private String title(String word, String subject) {
        StringJoiner title = new StringJoiner(" \u00b7 ").add(word);
        if (!subject.isEmpty()) {
            title.add(subject);
        }
        return title.add(service.getOrDefault("name", "health")).toString();
    }

    /** Ends the header with links to all reports. Marks {@code view} as the current one. */
    private void endHeader(@Nullable String view) {
        html.markup("<p id=\"as-of\">As of ");
        time(now);
        html.markup(" UTC<span id=\"local\"></span><span id=\"age\"></span></p>");
        if (home != null) {
            html.markup("<nav aria-label=\"Probes\"><ul>");
            view("", "all checks", view);
            for (Probe probe : List.of(Probe.READINESS, Probe.LIVENESS, Probe.STARTUP)) {
                view(Paths.word(probe), Paths.word(probe), view);
            }
            html.markup("</ul></nav>");
        }
        html.markup("</header>\n");
    }

    private void view(String path, String name, @Nullable String current) {
        html.markup("<li>");
        link(path, name, path.equals(current) ? " aria-current=\"page\"" : "");
        html.markup("</li>");
    }

    private void link(String path, String name, String attributes) {
        if (home == null) {
            html.text(name);
        } else {
            html.markup("<a href=\"").text(home + path).markup("\"" + attributes + ">");
            html.text(name).markup("</a>");
        }
    }

    private byte[] end() {
        if (!service.isEmpty()) {
            html.markup("<footer><dl>");
            service.forEach(this::foreignFact);
            html.markup("</dl></footer>\n");
        }
        html.markup("</main>\n<script>").markup(PageAssets.SCRIPT).markup("</script>\n</body>\n</html>\n");
        return html.bytes();
    }

    private static String inWords(String reason) {
        return switch (reason) {
            case "draining" -> "draining: takes no new traffic";
            case "starting" -> "starting: startup checks have not passed yet";
            case "closed" -> "closed: checks no longer run";
            default -> reason;
        };
    }

    /** Returns {@code 1 DOWN, 6 UP}. */
    private static String summary(List<CheckReport> checks) {
        StringJoiner counts = new StringJoiner(", ").setEmptyValue("no checks");
        for (Status status : List.of(Status.DOWN, Status.DEGRADED, Status.UP)) {
            long count = checks.stream().filter(c -> c.status() == status).count();
            if (count > 0) {
                counts.add(count + " " + status);
            }
        }
        return counts.toString();
    }

    /** Returns those that are DOWN, then DEGRADED, then the others; otherwise in the same order. */
    private static List<CheckReport> worstFirst(List<CheckReport> checks) {
        List<CheckReport> sorted = new ArrayList<>(checks);
        sorted.sort(comparing(CheckReport::status).reversed());
        return sorted;
    }

    /** Names the checks that need attention, where everybody looks first. */
    private void wrong(List<CheckReport> checks) {
        if (checks.isEmpty()) {
            return;
        }
        html.markup("<ul class=\"wrong\" aria-label=\"Not UP\">");
        for (CheckReport check : checks.subList(0, Math.min(MOST_NAMED, checks.size()))) {
            html.markup("<li>");
            icon(check.status());
            link(check.name(), check.name(), "");
            html.text(check.reason() == null ? "" : ": " + check.reason());
            html.text(check.required() ? "" : " (optional)").markup("</li>");
        }
        if (checks.size() > MOST_NAMED) {
            html.element("li", "", "and " + (checks.size() - MOST_NAMED) + " more");
        }
        html.markup("</ul>");
    }

    private void checks(List<CheckReport> checks) {
        html.markup("<h2>Checks</h2>\n<ul class=\"checks\">\n");
        checks.forEach(this::card);
        html.markup("</ul>\n");
    }

    private void card(CheckReport check) {
        html.markup("<li id=\"check-").text(check.name());
        html.markup("\" class=\"" + classOf(check.status()) + "\"><h3>");
        link(check.name(), check.name(), "");
        html.markup("</h3>");
        word(check);
        about(check, false);
        html.markup("</li>\n");
    }

    private void word(CheckReport check) {
        html.markup("<p class=\"word\">");
        icon(check.status());
        html.text(wordOf(check.status(), check.reason())).markup(" ");
        html.element("small", "", needOf(check)).markup("</p>");
    }

    private static String needOf(CheckReport check) {
        if (check.requiredToStart()) {
            return check.required() ? "required to start" : "optional, was required to start";
        }
        return check.required() ? "required" : "optional";
    }

    private void meanings(@Nullable String reason) {
        List<Reasons.Meaning> meanings = reason == null ? List.of() : Reasons.of(reason);
        for (Reasons.Meaning meaning : meanings) {
            html.markup("<p class=\"meaning\">").element("span", "", meaning.subject() + ":");
            html.text(" " + meaning.words()).markup("</p>");
        }
    }

    private void about(CheckReport check, boolean settings) {
        if (details) {
            block("p", "message", check.message());
        }
        new TrendChart(check.runs()).write(html);
        facts(check, settings);
        if (details) {
            if (!check.details().isEmpty()) {
                new PageValues(html).write(check.details());
            }
            block("pre", "error", check.error());
            stack(check.stuckStack());
        }
    }

    private static String wordOf(Status status, @Nullable String reason) {
        return reason == null ? status.name() : status + ": " + reason;
    }

    private void facts(CheckReport check, boolean settings) {
        html.markup("<dl>");
        Duration runningFor = check.runningFor();
        if (runningFor != null) {
            fact("stuck for", TimeText.roughly(runningFor));
        }
        past("since", check.since(), "for ", "");
        if (runningFor == null) {
            lastRun(check);
        }
        if (details) {
            past("last success", check.lastSuccess(), "", " ago");
        }
        if (check.ref() != null) {
            fact("ref", check.ref());
        }
        if (settings) {
            settings(check);
        }
        html.markup("</dl>");
    }

    /** Writes what was registered. */
    private void settings(CheckReport check) {
        fact("probes", check.probes().stream().map(Page::wordOf).collect(joining(", ")));
        fact("timeout", TimeText.setting(check.timeout()));
        Duration every = check.every();
        fact("runs", every == null ? "when a caller asks" : "every " + TimeText.setting(every));
    }

    /** Leaves out a check that is stuck: its run has not ended, and each further timeout of it counts as a failure. */
    private void lastRun(CheckReport check) {
        int failures = check.consecutiveFailures();
        if (failures > 0) {
            fact("failures", failures == 1 ? "1" : failures + " in a row");
        }
        past("last run", check.checkedAt(), "", " ago, took " + TimeText.inWords(check.duration()));
    }

    private void fact(String name, String value) {
        html.element("dt", "", name).element("dd", "", value);
    }

    /** Isolates the direction of untrusted texts, which may run from right to left. */
    private void foreignFact(String name, String value) {
        html.markup("<dt>").element("bdi", "", name).markup("</dt><dd>");
        html.element("bdi", "", value).markup("</dd>");
    }

    /** Writes when something was, and between {@code before} and {@code after} how long ago. */
    private void past(String name, @Nullable Instant instant, String before, String after) {
        if (instant != null) {
            html.element("dt", "", name).markup("<dd>");
            time(instant);
            html.text(", " + before + TimeText.roughly(Duration.between(instant, now)) + after)
                    .markup("</dd>");
        }
    }

    private void block(String element, String type, @Nullable String text) {
        if (text != null) {
            html.element(element, "class=\"" + type + "\" dir=\"auto\"", text);
        }
    }

    private void stack(List<StackTraceElement> stack) {
        if (!stack.isEmpty()) {
            StringJoiner lines = new StringJoiner("\n");
            Limits.frames(stack).forEach(frame -> lines.add(frame.toString()));
            html.markup("<details><summary>Stack of its thread</summary>");
            html.element("pre", "", lines.toString()).markup("</details>");
        }
    }

    private void changes(List<CheckReport> checks, boolean named) {
        List<StatusChange> changes = new ArrayList<>();
        checks.forEach(check -> changes.addAll(check.changes()));
        changes.sort(comparing(StatusChange::at).reversed());
        if (changes.isEmpty()) {
            return;
        }
        html.markup("<h2>Last changes</h2>\n<ol class=\"changes\">\n");
        changes.stream().limit(MOST_CHANGES).forEach(change -> change(change, named));
        html.markup("</ol>\n");
    }

    private void change(StatusChange change, boolean named) {
        html.markup("<li class=\"" + classOf(change.to()) + "\">");
        time(change.at());
        html.text(" ");
        if (named) {
            link(change.check(), change.check(), "");
            html.text(" ");
        }
        html.text(change.from() == null ? "is " : change.from() + " \u2192 ");
        html.markup("<span class=\"now\">");
        icon(change.to());
        html.text(wordOf(change.to(), change.reason())).markup("</span>");
        if (change.ref() != null) {
            html.text(", ref " + change.ref());
        }
        if (details) {
            block("p", "message", change.message());
        }
        html.markup("</li>\n");
    }

    private void runs(List<PastRun> runs) {
        if (runs.isEmpty()) {
            return;
        }
        html.markup("<h2>Last runs</h2>\n<table><thead><tr><th scope=\"col\">ended</th><th scope=\"col\">status</th>"
                + "<th scope=\"col\">took</th></tr></thead><tbody>\n");
        List<PastRun> newestFirst = new ArrayList<>(runs);
        Collections.reverse(newestFirst);
        for (PastRun run : newestFirst) {
            html.markup("<tr class=\"" + classOf(run.status()) + "\"><td>");
            time(run.at());
            html.markup("</td><td class=\"now\">");
            icon(run.status());
            html.text(run.status().name()).markup("</td>");
            html.element("td", "", TimeText.inWords(run.duration())).markup("</tr>\n");
        }
        html.markup("</tbody></table>\n");
    }

    /** Writes {@code 10:00:00} in UTC, with the date unless it is today. */
    private void time(Instant instant) {
        String full = TimeText.text(instant);
        int t = full.indexOf('T');
        String date = full.substring(0, t);
        String time = full.substring(t + 1, t + 9);
        html.element(
                "time",
                "datetime=\"" + full + "\"",
                TimeText.text(now).startsWith(date + "T") ? time : date + " " + time);
    }

    /** Draws a shape of its own for each status, so that colour is not the only sign. */
    private void icon(Status status) {
        html.markup("<svg class=\"icon\" viewBox=\"0 0 16 16\" aria-hidden=\"true\">");
        html.markup(
                switch (status) {
                    case UP -> "<circle cx=\"8\" cy=\"8\" r=\"8\"/><path d=\"M4 8.5l3 3 5-6\"/>";
                    case DEGRADED -> "<polygon points=\"8,0 16,16 0,16\"/><path d=\"M8 5v5M8 12v2\"/>";
                    case DOWN -> "<rect width=\"16\" height=\"16\" rx=\"2\"/><path d=\"M4 4l8 8M12 4l-8 8\"/>";
                });
        html.markup("</svg> ");
    }
}
