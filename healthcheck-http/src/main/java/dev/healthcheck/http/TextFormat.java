package dev.healthcheck.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Status;
import org.jspecify.annotations.Nullable;

/**
 * Plain text with one line for each check, like that of the Kubernetes API server: {@code [+]orders-db ok},
 * {@code [-]cache failed: timeout}.
 */
final class TextFormat implements OwnFormat {

    @Override
    public String contentType() {
        return "text/plain;charset=utf-8";
    }

    @Override
    public byte[] report(HealthReport report, boolean details) {
        StringBuilder text = new StringBuilder();
        for (CheckReport check : report.checks()) {
            line(text, check, details);
        }
        text.append(report.probe() == null ? "health" : Paths.word(report.probe()));
        return closed(text.append(" check"), report.status(), report.reason());
    }

    @Override
    public byte[] check(CheckReport check, boolean details) {
        StringBuilder text = new StringBuilder();
        line(text, check, details);
        return bytes(text);
    }

    @Override
    public byte[] pending(Status status) {
        return closed(new StringBuilder("health check"), status, "pending");
    }

    @Override
    public byte[] problem(String what) {
        return bytes(new StringBuilder(what).append('\n'));
    }

    private static void line(StringBuilder text, CheckReport check, boolean details) {
        text.append(
                switch (check.status()) {
                    case UP -> "[+]";
                    case DEGRADED -> "[!]";
                    case DOWN -> "[-]";
                });
        text.append(check.name())
                .append(
                        switch (check.status()) {
                            case UP -> " ok";
                            case DEGRADED -> " degraded";
                            case DOWN -> " failed";
                        });
        reason(text, check.reason());
        if (!check.required()) {
            text.append(" (optional)");
        }
        text.append('\n');
        if (details && check.message() != null) {
            text.append("   ").append(onOneLine(check.message())).append('\n');
        }
    }

    private static byte[] closed(StringBuilder text, Status status, @Nullable String reason) {
        text.append(
                switch (status) {
                    case UP -> " passed";
                    case DEGRADED -> " passed, degraded";
                    case DOWN -> " failed";
                });
        reason(text, reason);
        return bytes(text.append('\n'));
    }

    private static void reason(StringBuilder text, @Nullable String reason) {
        if (reason != null) {
            text.append(": ").append(reason);
        }
    }

    /** Keeps a message from looking like the line of another check, and from controlling a terminal. */
    private static String onOneLine(String message) {
        StringBuilder line = new StringBuilder(message.length());
        message.codePoints().forEach(c -> line.appendCodePoint(Characters.isHarmless(c) ? c : ' '));
        return line.toString();
    }

    private static byte[] bytes(StringBuilder text) {
        return text.toString().getBytes(UTF_8);
    }
}
