package dev.healthcheck.grpc;

import static java.util.Objects.requireNonNull;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Probe;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code Check} and {@code Watch} of {@code grpc.health.v1.Health} from a {@link HealthCheckRegistry}.
 * Thread-safe. Add it to a server instead of gRPC's {@code HealthStatusManager}.
 *
 * <pre>{@code
 * io.grpc.Server server = Grpc.newServerBuilderForPort(9090, InsecureServerCredentials.create())
 *         .addService(GrpcHealthService.of(health))
 *         .build()
 *         .start();
 * }</pre>
 *
 * <table>
 * <caption>The services that a client can ask for</caption>
 * <thead>
 * <tr><th>service<th>{@code NOT_SERVING} if<th>counts for {@link HealthCheckRegistry#lastAsked} as
 * </thead>
 * <tbody>
 * <tr><td>the empty name<td>{@link HealthCheckRegistry#check()} is DOWN<td>readiness
 * <tr><td>{@code liveness}, {@code readiness}, {@code startup}<td>{@link HealthCheckRegistry#check(Probe)} is DOWN
 *     <td>that probe
 * <tr><td>a service of your own<td>a required check of the service is DOWN, or the registry is starting, draining or
 *     closed<td>readiness
 * </tbody>
 * </table>
 *
 * <p>DEGRADED is {@code SERVING}. From {@link HealthCheckRegistry#drain} or {@link HealthCheckRegistry#close} on, all but
 * {@code liveness} and {@code startup} are {@code NOT_SERVING}.
 *
 * <p>{@code Check} asks the registry, so checks run as they do for a prober over HTTP, and the answer comes within the
 * {@linkplain HealthCheckRegistry.Builder#answerWithin answer budget}. It blocks no thread of the server, so the server
 * may have a direct executor. For an unknown service the answer is {@code NOT_FOUND}.
 *
 * <p>{@code Watch} sends the status at once, then each change. It starts no run, and tells what
 * {@link HealthCheckRegistry#latest()} says. Changes of the registry make it look; it also looks once a second, so a
 * verdict that becomes stale is a change. A check without a schedule is unknown while nobody asks for it, and a service
 * with such a check is {@code NOT_SERVING} then. For an unknown service {@code Watch} sends {@code SERVICE_UNKNOWN} and
 * goes on. A {@code Watch} does not count for {@link HealthCheckRegistry#awaitDrainSeen}. A client that does not read
 * gets only the newest status when it reads again.
 *
 * <p>Answers may be sent by a thread of the registry, so interceptors of the server must not block while a message is sent.
 * While there is a {@code Watch}, one daemon thread named {@code healthcheck-grpc} serves all of them. The streams end
 * with the server or with their clients, not with the registry.
 */
public final class GrpcHealthService implements BindableService {
    private final HealthCalls calls;

    private GrpcHealthService(HealthCalls calls) {
        this.calls = calls;
    }

    /**
     * Returns a service that answers for the probes.
     *
     * @param registry the registry that the service asks; the caller closes it
     * @return the service
     */
    public static GrpcHealthService of(HealthCheckRegistry registry) {
        return of(registry, Map.of());
    }

    /**
     * Returns a service that answers for the probes and for services of your own.
     *
     * <pre>{@code
     * GrpcHealthService.of(health, Map.of(
     *         "shop.v1.Orders", List.of("orders-db", "queue"),
     *         "shop.v1.Search", List.of("search")));
     * }</pre>
     *
     * @param registry the registry that the service asks; the caller closes it
     * @param services the names of checks by the name of a service. A service is unknown while one of its checks is not
     *     registered; a warning in the log says so once
     * @return the service
     * @throws IllegalArgumentException if the name of a service is empty or that of a probe, or if it has no checks
     */
    public static GrpcHealthService of(
            HealthCheckRegistry registry, Map<String, ? extends Collection<String>> services) {
        requireNonNull(registry, "registry");
        DeferredLog log = new DeferredLog(registry.workers());
        Map<String, ServiceHealth> all = new HashMap<>(Map.of(
                "", probe(registry, null),
                "liveness", probe(registry, Probe.LIVENESS),
                "readiness", probe(registry, Probe.READINESS),
                "startup", probe(registry, Probe.STARTUP)));
        services.forEach((name, checks) -> {
            require(!all.containsKey(name), name, "not a name that stands for a probe");
            require(!checks.isEmpty(), name, "with at least one check");
            all.put(name, new ChecksHealth(registry, log, name, copyOf(checks)));
        });
        return new GrpcHealthService(new HealthCalls(all, new Watchers(registry, log), log));
    }

    private static ServiceHealth probe(HealthCheckRegistry registry, @Nullable Probe probe) {
        return new ProbeHealth(registry, probe);
    }

    private static Set<String> copyOf(Collection<String> checks) {
        Set<String> names = new LinkedHashSet<>();
        checks.forEach(check -> names.add(requireNonNull(check, "check")));
        return names;
    }

    private static void require(boolean condition, String service, String expected) {
        if (!condition) {
            throw new IllegalArgumentException("services: \"" + service + "\" (expected: " + expected + ")");
        }
    }

    /**
     * Returns the definition of {@code grpc.health.v1.Health}, for a server. Several servers may share it.
     *
     * @return the definition
     */
    @Override
    public ServerServiceDefinition bindService() {
        return calls.bindService();
    }
}
