/**
 * Health checks that answer in time, whatever the dependencies do.
 *
 * <p>Register {@linkplain dev.healthcheck.HealthCheck checks} with a {@link dev.healthcheck.HealthCheckRegistry} and ask
 * it about a {@link dev.healthcheck.Probe}.
 *
 * <p>What each reason means, whose fault it is and what to do is told in
 * <a href="https://github.com/healthcheck-dev/healthcheck/blob/main/docs/reasons.md">one place</a> for all modules.
 */
@NullMarked
package dev.healthcheck;

import org.jspecify.annotations.NullMarked;
