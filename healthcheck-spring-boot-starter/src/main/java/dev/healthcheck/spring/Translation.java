package dev.healthcheck.spring;

import dev.healthcheck.CheckReport;
import dev.healthcheck.CheckResult;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.actuate.endpoint.HttpCodeStatusMapper;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Says what a {@link Health} means to the registry, and what a report means to Spring. Thread-safe.
 *
 * <p>The registry keeps the indicator's own {@code Health} as an attachment. While the report says what that {@code Health}
 * says, Spring gets it back: its own word, description and details, whatever objects they are.
 */
final class Translation {
    private static final int LONGEST_REASON = 40;

    private final Supplier<@Nullable HttpCodeStatusMapper> codes;
    private final Status degraded;

    /**
     * Makes a translation.
     *
     * @param codes returns what says which words of an application are failures; null if there is no endpoint
     * @param degraded the word for a check that is degraded, or down but not required
     */
    Translation(Supplier<@Nullable HttpCodeStatusMapper> codes, String degraded) {
        this.codes = codes;
        this.degraded = new Status(degraded);
    }

    /** Returns the result of a run whose indicator said {@code health}. */
    CheckResult resultOf(@Nullable Health health) {
        if (health == null) {
            return with(null, CheckResult.up().withReason("no-answer"));
        }
        CheckResult result = judge(health.getStatus(), health);
        for (Map.Entry<String, Object> detail : health.getDetails().entrySet()) {
            result = result.withDetail(detail.getKey(), detail.getValue());
        }
        return with(health, result);
    }

    private static CheckResult with(@Nullable Health health, CheckResult result) {
        return result.withAttachment(new Answer(health, result.status(), result.reason()));
    }

    private CheckResult judge(Status status, Health health) {
        if (status.equals(Status.UP)) {
            return CheckResult.up();
        }
        if (status.equals(Status.UNKNOWN)) {
            return CheckResult.up().withReason("unknown");
        }
        if (status.equals(Status.DOWN)) {
            return CheckResult.down(textOf(health));
        }
        if (status.equals(Status.OUT_OF_SERVICE)) {
            return CheckResult.down(textOf(health)).withReason("out-of-service");
        }
        return (isFailure(status) ? CheckResult.down(textOf(health)) : CheckResult.degraded(textOf(health)))
                .withReason(reasonOf(status));
    }

    private boolean isFailure(Status status) {
        HttpCodeStatusMapper mapper = codes.get();
        return mapper != null && mapper.getStatusCode(status) >= 400;
    }

    private static String textOf(Health health) {
        Object error = health.getDetails().get("error");
        if (error instanceof String text) {
            return text;
        }
        String description = health.getStatus().getDescription();
        return description.isEmpty()
                ? "the indicator says " + health.getStatus().getCode()
                : description;
    }

    /** Returns a word of an application as a reason code. */
    private static String reasonOf(Status status) {
        String code = status.getCode()
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceFirst("^-", "");
        String cut = code.substring(0, Math.min(code.length(), LONGEST_REASON)).replaceFirst("-$", "");
        return cut.isEmpty() ? "custom-status" : cut;
    }

    /** Returns a report as Spring shows it; null if the indicator has returned null, which Spring does not show. */
    @Nullable
    Health healthOf(CheckReport report, boolean details) {
        Answer answer = report.attachment() instanceof Answer known ? known : null;
        boolean holds = answer != null && answer.isWhatStandsIn(report);
        @Nullable Health said = answer == null ? null : answer.health;
        if (holds && said == null) {
            return null;
        }
        @Nullable Status own = holds && said != null ? said.getStatus() : null;
        if (holds && said != null && report.status() == dev.healthcheck.Status.UP) {
            return details || said.getDetails().isEmpty() ? said : bare(said.getStatus());
        }
        Status status = statusOf(report, own);
        return details ? withBlock(status, said, report, own != null) : bare(status);
    }

    private static Health bare(Status status) {
        return Health.status(status).build();
    }

    private Status statusOf(CheckReport report, @Nullable Status own) {
        boolean down = report.status() == dev.healthcheck.Status.DOWN;
        if (down && !report.required()) {
            return degraded;
        }
        if (own != null) {
            return own;
        }
        return down ? Status.DOWN : report.status() == dev.healthcheck.Status.UP ? Status.UP : degraded;
    }

    /** Returns the last details of the indicator (or of a check of this library), and what the registry adds. */
    private static Health withBlock(Status status, @Nullable Health said, CheckReport report, boolean own) {
        Map<String, Object> details = new LinkedHashMap<>(); // of which a user's may be null
        if (said != null) {
            details.putAll(said.getDetails());
        } else {
            report.details().forEach((key, value) -> details.put(key, value == null ? "" : value));
        }
        Map<String, Object> block = block(report, own);
        if (!block.isEmpty()) {
            details.putIfAbsent("healthcheck", block);
        }
        return new Health.Builder(status, details).build();
    }

    private static Map<String, Object> block(CheckReport report, boolean own) {
        Map<String, Object> block = new LinkedHashMap<>();
        boolean well = report.status() == dev.healthcheck.Status.UP && report.consecutiveFailures() == 0;
        if (well && report.reason() == null) {
            return block;
        }
        put(block, "reason", report.reason());
        if (!own) { // otherwise it is what the indicator's own details say
            put(block, "message", report.message() == null ? report.error() : report.message());
        }
        put(block, "ref", report.ref());
        put(block, "since", Objects.toString(report.since(), null));
        put(block, "consecutiveFailures", report.consecutiveFailures() == 0 ? null : report.consecutiveFailures());
        return block;
    }

    private static void put(Map<String, Object> block, String key, @Nullable Object value) {
        if (value != null) {
            block.put(key, value);
        }
    }

    /** The answer of an indicator in its last run that ended in time, and the status and reason in the registry for it. */
    private record Answer(
            @Nullable Health health,
            dev.healthcheck.Status status,
            @Nullable String reason) {

        /** Returns whether {@code report} says this, and nothing that the registry found out by itself. */
        boolean isWhatStandsIn(CheckReport report) {
            return report.status() == status && Objects.equals(report.reason(), reason);
        }
    }
}
