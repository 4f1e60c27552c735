package dev.healthcheck.micrometer;

import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.HealthListener;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Probe;
import dev.healthcheck.Status;
import dev.healthcheck.StatusChange;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The meters of one health registry in one meter registry. Thread-safe.
 *
 * <p>Invariant: only tasks of the mailbox register, change and remove meters, one at a time, so neither the thread of
 * the events nor one that answers a probe ever waits for the meter registry. Gauges are read by any thread. Those of the
 * registry as a whole hold it and this object, as perhaps nobody else does.
 */
final class Binding implements HealthListener {
    private final HealthCheckRegistry health;
    private final ContainedMeters meters;
    private final Tags tags;
    private final Mailbox mailbox;
    private final Scrape scrape = new Scrape(this::look, System::nanoTime);
    /** Changed by tasks of the mailbox only. */
    private final Map<String, CheckMeters> checks = new ConcurrentHashMap<>();

    // for tasks of the mailbox
    private final List<Meter> registered = new ArrayList<>();
    private final Map<Asked, Timer> requests = new HashMap<>();

    Binding(HealthCheckRegistry health, Tags tags, MeterRegistry meters, Logger log) {
        this.health = health;
        this.tags = tags;
        this.meters = new ContainedMeters(meters, log);
        mailbox = new Mailbox(health.workers(), this::renew);
    }

    boolean isOf(MeterRegistry other) {
        return meters.isOf(other);
    }

    /** Registers all meters, on this thread, and keeps them up to date from now on. */
    void open() {
        mailbox.begin(() -> {
            health.addListener(this); // first, so that no later change is missed
            registerOwn();
            renew();
        });
    }

    /** Removes all meters. */
    void close() {
        health.removeListener(this);
        mailbox.close(() -> {
            checks.values().forEach(CheckMeters::remove);
            checks.clear();
            registered.forEach(meters::remove);
            registered.clear();
        });
    }

    @Override
    public void onRun(CheckReport report) {
        mailbox.addRun(() -> {
            CheckMeters check = checks.get(report.name());
            if (check != null) {
                check.ran(report);
            }
        });
    }

    @Override
    public void onChange(StatusChange change) {
        mailbox.renew();
        mailbox.addRun(() -> {
            CheckMeters check = checks.get(change.check());
            if (check != null) {
                check.changed(change);
            }
        });
    }

    @Override
    public void onRegistered(String name) {
        mailbox.renew();
    }

    @Override
    public void onUnregistered(String name) {
        mailbox.renew();
    }

    void answered(String probe, int code, String prober, long nanos) {
        Asked asked = new Asked(probe, code, prober);
        mailbox.addAnswer(() -> {
            Timer timer = requests.computeIfAbsent(asked, this::request);
            if (timer != null) {
                meters.run(() -> timer.record(nanos, TimeUnit.NANOSECONDS));
            }
        });
    }

    private void registerOwn() {
        for (String probe : probes()) {
            for (Status status : Status.values()) {
                add(Gauge.builder("health.status", scrape, source -> isNow(source.read(), probe, status))
                        .description("1 for the status that the report for the probe has now, 0 for the others")
                        .tags(tags.and("probe", probe, "status", Labels.of(status)))
                        .strongReference(true)::register);
            }
        }
        add(Gauge.builder("health.draining", scrape, source -> source.read().isStopping() ? 1 : 0)
                .description("1 from the beginning of draining on, also when the registry is closed; otherwise 0")
                .tags(tags)
                .strongReference(true)::register);
        add(Gauge.builder("health.threads.lost", health, HealthCheckRegistry::lostThreads)
                .description("The number of threads that hang in runs of checks")
                .tags(tags)
                .strongReference(true)::register);
        add(FunctionCounter.builder("health.events.dropped", this, Binding::dropped)
                .description("The number of events that log, listeners and meters did not get one by one")
                .tags(tags)::register);
    }

    private static List<String> probes() {
        return Stream.concat(Stream.of(Probe.values()).map(Labels::of), Stream.of("overall"))
                .toList();
    }

    private static double isNow(Snapshot snapshot, String probe, Status status) {
        HealthReport report = snapshot.probe(probe);
        return report != null && report.status() == status ? 1 : 0;
    }

    private double dropped() {
        return (double) health.droppedEvents() + mailbox.dropped();
    }

    private @Nullable Timer request(Asked asked) {
        return add(
                Timer.builder("health.probe.requests")
                                .description("The time from a probe's question to the answer")
                                .tags(tags.and(
                                        "probe",
                                        asked.probe,
                                        "code",
                                        Integer.toString(asked.code),
                                        "prober",
                                        asked.prober))::register);
    }

    private <M extends Meter> @Nullable M add(Function<MeterRegistry, M> registration) {
        M meter = meters.register(registration);
        if (meter != null) {
            registered.add(meter);
        }
        return meter;
    }

    /** Brings checks and reasons up to date. */
    private void renew() {
        Map<String, CheckReport> present = Snapshot.of(health).checks();
        checks.entrySet().removeIf(check -> {
            boolean gone = !present.containsKey(check.getKey());
            if (gone) {
                check.getValue().remove();
            }
            return gone;
        });
        present.forEach(
                (name, report) -> checks.computeIfAbsent(name, this::registered).show(report.reason()));
    }

    private CheckMeters registered(String name) {
        CheckMeters check = new CheckMeters(
                meters, tags.and("check", name), () -> scrape.read().checks().get(name));
        check.register();
        return check;
    }

    /** Takes a snapshot for a scrape. What has changed without an event, as {@code stale}, is renewed soon. */
    private Snapshot look() {
        Snapshot snapshot = Snapshot.of(health);
        if (!isUpToDate(snapshot)) {
            mailbox.renew();
        }
        return snapshot;
    }

    private boolean isUpToDate(Snapshot snapshot) {
        return snapshot.checks().size() == checks.size()
                && snapshot.checks().entrySet().stream().allMatch(entry -> {
                    CheckMeters check = checks.get(entry.getKey());
                    return check != null && check.shows(entry.getValue().reason());
                });
    }

    /** A kind of request, and how it was answered. Few values of each exist. */
    private record Asked(String probe, int code, String prober) {}
}
