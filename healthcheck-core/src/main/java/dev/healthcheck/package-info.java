/**
 * Health checks that answer in time, whatever the dependencies do.
 *
 * <p>Register {@linkplain dev.healthcheck.HealthCheck checks} with a {@link dev.healthcheck.HealthCheckRegistry} and ask
 * it about a {@link dev.healthcheck.Probe}.
 */
@NullMarked
package dev.healthcheck;

import org.jspecify.annotations.NullMarked;
