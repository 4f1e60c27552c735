package dev.healthcheck.micrometer;

import dev.healthcheck.CheckReport;
import dev.healthcheck.Status;
import dev.healthcheck.StatusChange;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one check in one meter registry. One thread at a time changes them. Any thread may read the gauges and
 * call {@link #shows}.
 */
final class CheckMeters {
    /** A check that makes up reasons costs this many series, and one more for all the others. */
    private static final int MOST_REASONS = 20;

    private static final String OTHER = "other";

    private final ContainedMeters meters;
    private final Tags tags;
    /** The gauges refer to it weakly. */
    private final Supplier<@Nullable CheckReport> latest;

    private final List<Meter> registered = new ArrayList<>();
    private final Map<Status, Timer> durations = new EnumMap<>(Status.class);
    private final Map<Status, Counter> changes = new EnumMap<>(Status.class);
    private final Map<String, Counter> failures = new HashMap<>();
    private final Set<String> reasons = ConcurrentHashMap.newKeySet();
    private int failuresInARow;

    private volatile @Nullable String shown;
    private @Nullable Meter reason;

    /** @param latest returns the present report; null if the check is gone */
    CheckMeters(ContainedMeters meters, Tags tags, Supplier<@Nullable CheckReport> latest) {
        this.meters = meters;
        this.tags = tags;
        this.latest = latest;
    }

    /** Registers the meters that exist for as long as the check. */
    void register() {
        for (String status : Labels.STATUSES) {
            add(gauge(
                    "health.check.status",
                    tags.and("status", status),
                    "1 for the status that the check has now, 0 for the others",
                    report -> status.equals(Labels.status(report)) ? 1 : 0));
        }
        add(timeGauge("health.check.since", "How long the present status has lasted", CheckReport::lasting));
        add(timeGauge("health.check.age", "The time since the last run of the check ended", CheckReport::age));
        add(timeGauge(
                "health.check.overdue",
                "How long a run that hangs has been running; 0 without such a run",
                report -> report.runningFor() == null ? Duration.ZERO : report.runningFor()));
        add(gauge(
                "health.check.required",
                tags,
                "1 if readiness or another probe fails when the check is DOWN, 0 if not",
                report -> report.required() ? 1 : 0));
        for (Status status : Status.values()) {
            Counter counter = add(Counter.builder("health.check.changes")
                    .description("How often the status has changed to this one")
                    .tags(tags.and("to", Labels.of(status)))::register);
            if (counter != null) {
                changes.put(status, counter);
            }
        }
    }

    void ran(CheckReport report) {
        Timer timer = durations.computeIfAbsent(report.status(), this::duration);
        if (timer != null) {
            meters.run(() -> timer.record(report.duration()));
        }
        int failuresNow = report.consecutiveFailures();
        boolean failed = failuresNow > 0 && failuresNow != failuresInARow; // fewer: a good run in between was dropped
        failuresInARow = failuresNow;
        if (failed) {
            Counter counter = failures.computeIfAbsent(admit(report.reason()), this::failure);
            if (counter != null) {
                meters.run(counter::increment);
            }
        }
    }

    void changed(StatusChange change) {
        Counter counter = changes.get(change.to());
        if (change.from() != null && change.from() != change.to() && counter != null) {
            meters.run(counter::increment);
        }
    }

    /** Has the present reason as its only series; none if it is null. */
    void show(@Nullable String code) {
        String label = code == null ? null : admit(code);
        if (Objects.equals(label, shown)) {
            return;
        }
        if (reason != null) {
            registered.remove(reason);
            meters.remove(reason);
            reason = null;
        }
        shown = label;
        if (label != null) {
            reason = add(gauge(
                    "health.check.reason",
                    tags.and("reason", label),
                    "1 for the reason of the present status; no series if there is none",
                    report -> label.equals(labelOf(report.reason())) ? 1 : 0));
        }
    }

    /** Returns whether {@link #show} would change nothing. */
    boolean shows(@Nullable String code) {
        return Objects.equals(labelOf(code), shown);
    }

    void remove() {
        registered.forEach(meters::remove);
        registered.clear();
    }

    private @Nullable Timer duration(Status status) {
        return add(Timer.builder("health.check.duration")
                .description("The duration of the runs, by the status after the run")
                .tags(tags.and("status", Labels.of(status)))::register);
    }

    private @Nullable Counter failure(String label) {
        return add(Counter.builder("health.check.failures")
                .description("The number of runs that failed, by reason")
                .tags(tags.and("reason", label))::register);
    }

    private Function<MeterRegistry, Gauge> gauge(
            String name, Tags all, String description, ToDoubleFunction<CheckReport> value) {
        return Gauge.builder(name, latest, source -> read(source, value))
                .description(description)
                .tags(all)::register;
    }

    private Function<MeterRegistry, TimeGauge> timeGauge(
            String name, String description, Function<CheckReport, @Nullable Duration> value) {
        return TimeGauge.builder(
                        name,
                        latest,
                        TimeUnit.NANOSECONDS,
                        source -> read(source, report -> {
                            Duration duration = value.apply(report);
                            return duration == null ? Double.NaN : duration.toNanos();
                        }))
                .description(description)
                .tags(tags)::register;
    }

    private static double read(Supplier<@Nullable CheckReport> source, ToDoubleFunction<CheckReport> value) {
        CheckReport report = source.get();
        return report == null ? Double.NaN : value.applyAsDouble(report);
    }

    private <M extends Meter> @Nullable M add(Function<MeterRegistry, M> registration) {
        M meter = meters.register(registration);
        if (meter != null) {
            registered.add(meter);
        }
        return meter;
    }

    /** Returns the label of a reason, which counts from now on. */
    private String admit(@Nullable String code) {
        String label = code == null ? "none" : code;
        if (reasons.size() < MOST_REASONS) {
            reasons.add(label);
        }
        return reasons.contains(label) ? label : OTHER;
    }

    private @Nullable String labelOf(@Nullable String code) {
        return code == null || reasons.contains(code) ? code : OTHER;
    }
}
