package dev.healthcheck.spring;

import dev.healthcheck.HealthCheck;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Builds contributors (or named checks) for one or several beans.
 *
 * @param <T> the type of the result, for one bean and for several
 */
interface Arrangement<T> {

    /**
     * Returns the result for one check.
     *
     * @param check makes it anew each time, because a registry closes it
     */
    T one(Supplier<HealthCheck> check);

    /** Returns the result for several beans, given the result of each by its name. */
    T several(Map<String, T> each);
}
