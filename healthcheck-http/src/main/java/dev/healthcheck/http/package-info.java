/**
 * Answers health probes over HTTP, for any server: as JSON, as plain text, as a status page.
 *
 * <p>A {@link dev.healthcheck.http.HealthEndpoint} turns the facts of a request into a response. The adapter of a server
 * hands it the facts and writes the response:
 *
 * <pre>{@code
 * HealthEndpoint endpoint = HealthEndpoint.builder(health)
 *         .service("orders", "1.4.2")
 *         .build();
 * HealthRequest request = HealthRequest.of("GET", "/health", "/ready", headers::get);
 * endpoint.answer(request).thenAccept(response -> {
 *     send(response.status(), response.headers(), response.contentLength(), response.body());
 * });
 * }</pre>
 *
 * <p>In a servlet container, use {@code dev.healthcheck.servlet.HealthServlet} instead.
 *
 * <p>Null arguments throw {@link NullPointerException}, unless a parameter says that it may be null.
 */
@NullMarked
package dev.healthcheck.http;

import org.jspecify.annotations.NullMarked;
