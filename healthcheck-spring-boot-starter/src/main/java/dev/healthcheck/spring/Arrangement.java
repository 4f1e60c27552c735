package dev.healthcheck.spring;

import dev.healthcheck.HealthCheck;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What becomes of checks for several beans of an application.
 *
 * @param <T> what becomes of one check, and of several together
 */
interface Arrangement<T> {

    /**
     * Returns what becomes of one check.
     *
     * @param check makes it anew each time, because a registry closes it
     */
    T one(Supplier<HealthCheck> check);

    /** Returns what becomes of several, given what has become of each by its name. */
    T several(Map<String, T> each);
}
