package dev.healthcheck.spring;

import dev.healthcheck.CheckOptions;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Registration;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * The checks of one application context in a registry that other contexts may share. Thread-safe.
 *
 * <p>A check belongs to a context if it is a bean of that context, or runs an indicator of it. Other contexts do not show it,
 * as Actuator shows no indicator of a sibling. Every context shows the checks that belong to none: those that the
 * application registers itself, and those of a parent without Actuator.
 */
final class OwnChecks {
    /** The owner of each check by its name. An owner leads to nothing, so a registry may be collected. */
    private static final Map<HealthCheckRegistry, Map<String, Object>> OWNERS =
            Collections.synchronizedMap(new WeakHashMap<>());

    private final HealthCheckRegistry registry;
    private final Map<String, Object> owners;
    private final Object owner = new Object();

    private OwnChecks(HealthCheckRegistry registry, Map<String, Object> owners) {
        this.registry = registry;
        this.owners = owners;
    }

    /** Returns the checks of a context that shows checks. */
    static OwnChecks shown(HealthCheckRegistry registry) {
        return new OwnChecks(registry, OWNERS.computeIfAbsent(registry, key -> new ConcurrentHashMap<>()));
    }

    /** Returns the checks of a context that shows none. Every other context shows them. */
    static OwnChecks notShown(HealthCheckRegistry registry) {
        return new OwnChecks(registry, new ConcurrentHashMap<>());
    }

    /**
     * Registers a check. No other context shows it, from the first event of it on.
     *
     * @return unregisters the check
     */
    Runnable register(String name, HealthCheck check, UnaryOperator<CheckOptions> options) {
        boolean isNew = owners.putIfAbsent(name, owner) == null;
        try {
            Registration registration = registry.register(name, check, options);
            return () -> {
                registration.close();
                owners.remove(name, owner);
            };
        } catch (RuntimeException e) {
            if (isNew) {
                owners.remove(name, owner);
            }
            throw e;
        }
    }

    /** Returns whether a check belongs to another context. */
    boolean isOfOther(String name) {
        Object found = owners.get(name);
        return found != null && found != owner;
    }
}
