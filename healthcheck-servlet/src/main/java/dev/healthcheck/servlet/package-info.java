/**
 * Answers health probes over HTTP from any servlet container: as JSON, as plain text, as a status page.
 *
 * <p>Mount a {@link dev.healthcheck.servlet.HealthServlet} at {@code /health/*}, in any container by a {@code
 * ServletContainerInitializer} or {@code ServletContextListener}:
 *
 * <pre>{@code
 * HealthServlet servlet = HealthServlet.builder(health)
 *         .service("orders", "1.4.2")
 *         .showDetailsTo(request -> request.isUserInRole("operator"))
 *         .build();
 * ServletRegistration.Dynamic registration = servletContext.addServlet("health", servlet);
 * registration.setAsyncSupported(true); // a probe that waits holds no thread
 * registration.addMapping("/health/*", "/livez", "/readyz");
 * }</pre>
 *
 * <p>Orchestrators then ask {@code /health/ready} and {@code /health/live}: 200 means UP or DEGRADED, 503 means DOWN.
 *
 * <p>Null arguments throw {@link NullPointerException}, unless a parameter says that it may be null.
 */
@NullMarked
package dev.healthcheck.servlet;

import org.jspecify.annotations.NullMarked;
