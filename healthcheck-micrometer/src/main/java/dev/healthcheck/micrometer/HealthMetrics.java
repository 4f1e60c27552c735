package dev.healthcheck.micrometer;

import static java.util.Objects.requireNonNull;

import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.http.HealthAnswer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Meters of a {@link HealthCheckRegistry}. Reading them starts no run: they tell what runs have found, and what
 * {@link HealthCheckRegistry#latest()} says when they are read. Thread-safe.
 *
 * <pre>{@code
 * HealthCheckRegistry health = HealthCheckRegistry.builder()
 *         .defaults(o -> o.every(Duration.ofSeconds(15))) // checks run although no prober asks
 *         .build();
 * health.register("orders-db", JdbcHealthCheck.of(dataSource));
 * HealthMetrics metrics = new HealthMetrics(health);
 * metrics.bindTo(meters);
 * }</pre>
 *
 * <p>A check without a schedule runs only when a prober asks. While nobody asks, its status is {@code unknown}.
 * {@link #bindTo} logs the names of the checks that have no schedule, so bind after the registrations.
 *
 * <table>
 * <caption>The meters</caption>
 * <thead>
 * <tr><th>meter<th>type, unit<th>labels<th>value<th>series
 * </thead>
 * <tbody>
 * <tr><td>{@code health.check.status}<td>gauge<td>{@code check}; {@code status}: {@code up}, {@code degraded},
 *     {@code down}, {@code unknown}<td>1 for the present status, 0 for the others. {@code unknown}: no run has ended,
 *     or none that is recent enough ({@link CheckReport#isKnown}).<td>All four from the registration of the check until
 *     it is unregistered.
 * <tr><td>{@code health.check.reason}<td>gauge<td>{@code check}; {@code reason}<td>1<td>One, while the present status
 *     has a reason. One that comes with no event, such as {@code stale}, has its series one scrape late.
 * <tr><td>{@code health.check.since}<td>gauge, seconds<td>{@code check}<td>How long the status has lasted. NaN before
 *     the first run has ended.<td>As the status.
 * <tr><td>{@code health.check.age}<td>gauge, seconds<td>{@code check}<td>The time since the last run ended or was
 *     overdue. NaN before the first run has ended.<td>As the status.
 * <tr><td>{@code health.check.overdue}<td>gauge, seconds<td>{@code check}<td>How long an overdue run has been running.
 *     0 without such a run.<td>As the status.
 * <tr><td>{@code health.check.required}<td>gauge<td>{@code check}<td>1 for a required check, 0 for an optional one. With
 *     {@link dev.healthcheck.CheckOptions#requiredToStart} 1 until the first verdict that is not DOWN.<td>As the status.
 * <tr><td>{@code health.check.duration}<td>timer, seconds<td>{@code check}; {@code status}: {@code up},
 *     {@code degraded}, {@code down}<td>The duration of each run, by the status after it. The count is the number of
 *     runs. An overdue run has its timeout as duration.<td>From the first run with that status until the check is
 *     unregistered.
 * <tr><td>{@code health.check.failures}<td>counter<td>{@code check}; {@code reason}<td>The number of runs that failed,
 *     also while a threshold keeps the status. {@code none}: the check gave no reason.<td>From the first such failure
 *     until the check is unregistered.
 * <tr><td>{@code health.check.changes}<td>counter<td>{@code check}; {@code to}: {@code up}, {@code degraded},
 *     {@code down}<td>The number of changes of the status. The first status is no change.<td>As the status.
 * <tr><td>{@code health.status}<td>gauge<td>{@code probe}: {@code liveness}, {@code readiness}, {@code startup},
 *     {@code overall}; {@code status}: {@code up}, {@code degraded}, {@code down}<td>1 for the status of the report, 0
 *     for the others.<td>All from {@link #bindTo} to {@link #close}.
 * <tr><td>{@code health.draining}<td>gauge<td>none<td>1 from the beginning of draining on, also when the registry is
 *     closed; otherwise 0.<td>From {@link #bindTo} to {@link #close}.
 * <tr><td>{@code health.threads.lost}<td>gauge<td>none<td>{@link HealthCheckRegistry#lostThreads}.<td>From
 *     {@link #bindTo} to {@link #close}.
 * <tr><td>{@code health.events.dropped}<td>counter<td>none<td>{@link HealthCheckRegistry#droppedEvents}, and what these
 *     meters have dropped.<td>From {@link #bindTo} to {@link #close}.
 * <tr><td>{@code health.probe.requests}<td>timer, seconds<td>{@code probe}: {@code liveness}, {@code readiness},
 *     {@code startup}, {@code other}; {@code code}; {@code prober}: see {@link HealthAnswer#prober}<td>The time from
 *     each question to its answer. {@code other}: all checks, one check, or anything else.<td>From the first such
 *     answer to {@link #close}, if an endpoint uses {@link #probeRequests}.
 * </tbody>
 * </table>
 *
 * <p>At most 20 reasons of a check become labels, the others are {@code other}. No label comes from an exception, a
 * message, a {@code ref} or a URL. Closing the health registry removes the meters of its checks; all others stay until
 * {@link #close}.
 *
 * <p>Meters that are read within 50 ms of each other tell the same moment, for a second at most.
 *
 * <p>A meter registry that throws or blocks delays no run, no answer, no log line and no other listener, because a
 * thread of the health registry feeds it. What a meter registry throws is logged. While one blocks, these meters keep
 * the newest 4,096 runs and changes and the newest 4,096 answers, and drop older ones: the timers and counters miss
 * them, and {@code health.events.dropped} counts them. The gauges miss nothing.
 */
public final class HealthMetrics implements MeterBinder, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HealthMetrics.class);
    /** A log line names at most so many checks. */
    private static final int MOST_NAMES = 20;

    private final HealthCheckRegistry health;
    private final Tags tags;
    private final List<Binding> bindings = new CopyOnWriteArrayList<>();

    /**
     * Creates the meters of a registry, without further tags.
     *
     * @param health the registry; the caller closes it
     */
    public HealthMetrics(HealthCheckRegistry health) {
        this(health, Tags.empty());
    }

    /**
     * Creates the meters of a registry. Two health registries with meters in one meter registry need tags that
     * distinguish them.
     *
     * @param health the registry; the caller closes it
     * @param tags tags of all these meters
     */
    public HealthMetrics(HealthCheckRegistry health, Iterable<Tag> tags) {
        this.health = requireNonNull(health, "health");
        this.tags = Tags.of(requireNonNull(tags, "tags"));
    }

    /**
     * Registers the meters and keeps them up to date until {@link #close}. Does nothing if they are bound to this meter
     * registry already. Logs the names of the checks that have no schedule.
     *
     * @param meters the meter registry
     */
    @Override
    public void bindTo(MeterRegistry meters) {
        Binding binding = new Binding(health, tags, requireNonNull(meters, "meters"), LOG);
        synchronized (bindings) {
            if (bindings.stream().anyMatch(other -> other.isOf(meters))) {
                return;
            }
            bindings.add(binding);
        }
        binding.open();
        sayUnscheduled();
    }

    /**
     * Returns a listener for the answers of an endpoint, which feeds {@code health.probe.requests}. Needs
     * {@code healthcheck-http}. The order of this call and of {@link #bindTo} does not matter.
     *
     * <pre>{@code
     * HealthEndpoint endpoint = HealthEndpoint.builder(health)
     *         .onAnswer(metrics.probeRequests())
     *         .build();
     * HealthServlet servlet = HealthServlet.of(endpoint);
     * }</pre>
     *
     * @return the listener, for {@code HealthEndpoint.Builder.onAnswer}
     */
    @SuppressWarnings("exports") // callers have healthcheck-http, whose endpoint they give it to
    public Consumer<HealthAnswer> probeRequests() {
        return new ProbeRequests(bindings);
    }

    /**
     * Removes all meters from all meter registries. Waits for at most one second for a meter registry that blocks; its
     * meters are removed when it blocks no longer. Idempotent. The meters can be bound again.
     */
    @Override
    public void close() {
        List<Binding> bound;
        synchronized (bindings) {
            bound = List.copyOf(bindings);
            bindings.clear();
        }
        bound.forEach(Binding::close);
    }

    private void sayUnscheduled() {
        List<String> names = health.latest().checks().stream()
                .filter(check -> check.every() == null)
                .map(CheckReport::name)
                .toList();
        if (!names.isEmpty()) {
            LOG.info("{} no schedule, so {} unknown while nobody asks: {}", has(names), its(names), inWords(names));
        }
    }

    private static String has(List<String> names) {
        return names.size() == 1 ? "1 check has" : names.size() + " checks have";
    }

    private static String its(List<String> names) {
        return names.size() == 1 ? "its status is" : "their status is";
    }

    private static String inWords(List<String> names) {
        int more = names.size() - MOST_NAMES;
        return more <= 0
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, MOST_NAMES)) + " and " + more + " more";
    }
}
