package dev.healthcheck.alerts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A copy of the files in {@code examples/deploy/prometheus} for local programs, with times that a test can wait for. The
 * expressions, routes, groups and words stay as they are.
 */
final class FastCopy {
    static final Path ORIGINAL = Path.of("../../examples/deploy/prometheus");

    /** A minute of the original lasts five seconds. */
    private static final int FACTOR = 12;

    private static final Pattern DURATION = Pattern.compile("(for: |\\[)(\\d+)([sm])\\b");
    private static final Pattern SECONDS_AGO = Pattern.compile("(time\\(\\) - )(\\d+)");

    private final Path folder;

    FastCopy(Path folder) throws IOException {
        this.folder = folder;
        for (String file : List.of("recording.rules.yml", "alerts.rules.yml")) {
            Files.writeString(folder.resolve(file), faster(read(file)));
        }
        Files.copy(ORIGINAL.resolve("health.tmpl"), folder.resolve("health.tmpl"));
    }

    /** Writes the configuration of Prometheus. */
    Path prometheus(List<String> alertmanagers, List<String> orders, List<String> stock) throws IOException {
        String text = read("prometheus.yml");
        text = replace(text, "scrape_interval: 15s", "scrape_interval: 1s");
        text = replace(text, "scrape_interval: 10s", "scrape_interval: 1s");
        text = replace(text, "evaluation_interval: 15s", "evaluation_interval: 1s");
        text = replace(text, "[\"alertmanager:9093\"]", listOf(alertmanagers));
        text = replace(text, "[\"orders:8080\"]", listOf(orders));
        return write(
                "prometheus.yml",
                text + "  - job_name: stock\n    static_configs:\n      - targets: " + listOf(stock) + "\n");
    }

    /** Writes the configuration of an Alertmanager for which it is always working hours, or never today. */
    Path alertmanager(String name, Sinks sinks, boolean working) throws IOException {
        Path slackUrl = write(name + "-slack", sinks.slackUrl());
        Path password = write(name + "-password", Sinks.MAIL_PASSWORD);
        String text = read("alertmanager.yml");
        text = replace(text, "/etc/alertmanager/slack-webhook", slackUrl.toString());
        text = replace(text, "/etc/alertmanager/smtp-password", password.toString());
        text = replace(text, "smtp.example.org:587", sinks.mailServer() + "\n  smtp_require_tls: false");
        text = replace(text, "group_wait: 45s", "group_wait: 4s");
        text = replace(text, "group_interval: 5m", "group_interval: 5s");
        text = replace(text, "monday:friday", working ? "sunday:saturday" : dayAfterTomorrow());
        text = replace(text, "start_time: '09:00'", "start_time: '00:00'");
        text = replace(text, "end_time: '18:00'", "end_time: '24:00'");
        return write(name + ".yml", text);
    }

    private static String dayAfterTomorrow() {
        return LocalDate.now(ZoneId.of("Europe/Berlin"))
                .plusDays(2)
                .getDayOfWeek()
                .name()
                .toLowerCase(Locale.ROOT);
    }

    private static String faster(String rules) {
        String text = replaceAll(DURATION, rules, found -> {
            int seconds = Integer.parseInt(found.group(2)) * (found.group(3).equals("m") ? 60 : 1);
            return found.group(1) + Math.max(1, seconds / FACTOR) + "s";
        });
        return replaceAll(SECONDS_AGO, text, found -> found.group(1) + Integer.parseInt(found.group(2)) / FACTOR);
    }

    private static String replaceAll(Pattern pattern, String text, Function<MatchResult, String> replacement) {
        return pattern.matcher(text).replaceAll(found -> Matcher.quoteReplacement(replacement.apply(found)));
    }

    private static String replace(String text, String old, String replacement) {
        if (!text.contains(old)) {
            throw new IllegalArgumentException("text: " + text + " (expected: with " + old + ")");
        }
        return text.replace(old, replacement);
    }

    private static String listOf(List<String> targets) {
        return targets.stream().map(target -> '"' + target + '"').toList().toString();
    }

    private static String read(String file) throws IOException {
        return Files.readString(ORIGINAL.resolve(file));
    }

    private Path write(String file, String text) throws IOException {
        return Files.writeString(folder.resolve(file), text);
    }
}
