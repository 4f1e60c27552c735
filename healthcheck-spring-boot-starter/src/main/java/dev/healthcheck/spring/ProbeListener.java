package dev.healthcheck.spring;

import dev.healthcheck.http.HealthAnswer;
import java.util.function.Consumer;

/**
 * Hears of the answers of this library's own endpoint. A type of its own, because a bean that is itself a
 * {@link Consumer} is a function of the application to Spring Cloud Function.
 *
 * @param onAnswer gets each answer
 */
record ProbeListener(Consumer<HealthAnswer> onAnswer) {}
