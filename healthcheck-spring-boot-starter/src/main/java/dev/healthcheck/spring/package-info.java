/**
 * Auto-configuration for Spring Boot 4: the health indicators of an application run in a
 * {@link dev.healthcheck.HealthCheckRegistry}, in parallel and each within a deadline.
 */
@NullMarked
package dev.healthcheck.spring;

import org.jspecify.annotations.NullMarked;
