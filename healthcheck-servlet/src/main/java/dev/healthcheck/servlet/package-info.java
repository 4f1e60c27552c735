/**
 * Answers health probes over HTTP, as JSON, from any servlet container.
 *
 * <p>Mount a {@link dev.healthcheck.servlet.HealthServlet} at {@code /health/*}:
 *
 * <pre>{@code
 * context.addServlet(new ServletHolder(HealthServlet.of(registry)), "/health/*");
 * }</pre>
 */
@NullMarked
package dev.healthcheck.servlet;

import org.jspecify.annotations.NullMarked;
