/**
 * Metrics of health checks for Micrometer 1.9 or newer.
 *
 * <pre>{@code
 * new HealthMetrics(health).bindTo(meters);
 * }</pre>
 *
 * <p>{@link dev.healthcheck.micrometer.HealthMetrics} lists the meters. No scrape runs a check.
 *
 * <p>Null arguments throw {@link NullPointerException}.
 */
@NullMarked
package dev.healthcheck.micrometer;

import org.jspecify.annotations.NullMarked;
