/**
 * Health checks that answer in time, whatever their dependencies do.
 *
 * <p>An application registers {@linkplain dev.healthcheck.HealthCheck checks} with a
 * {@link dev.healthcheck.HealthCheckRegistry}. Orchestrators and load balancers, or the application itself, ask the
 * registry about a {@link dev.healthcheck.Probe}.
 *
 * <pre>{@code
 * HealthCheckRegistry health = HealthCheckRegistry.create();
 * health.register("backlog", () -> queue.size() < 1000 ? CheckResult.up() : CheckResult.down("too much to do"));
 * health.register("rates", () -> rates.age().toHours() < 1 ? CheckResult.up() : CheckResult.degraded("old rates"),
 *         o -> o.optional().every(Duration.ofMinutes(1)));
 *
 * HealthReport report = health.check(Probe.READINESS); // takes 900 ms at most
 * if (report.status() == Status.DOWN) {
 *     report.checks().forEach(check -> System.out.println(check.name() + ": " + check.reason()));
 * }
 * }</pre>
 *
 * <p>A {@link dev.healthcheck.CheckResult} says what one run has found. A {@link dev.healthcheck.CheckReport} says what
 * the registry knows about a check, and a {@link dev.healthcheck.HealthReport} combines the checks of a probe.
 * {@link dev.healthcheck.CheckOptions} say how the registry runs a check, and what its failure means for the whole. A
 * {@link dev.healthcheck.HealthListener} gets each change.
 *
 * <p>The page about
 * <a href="https://github.com/healthcheck-dev/healthcheck/blob/main/docs/reasons.md">reasons</a> explains every reason
 * of all modules: its meaning, its owner, and what to do.
 *
 * <p>Null arguments throw {@link NullPointerException}, unless a parameter says that it may be null.
 */
@NullMarked
package dev.healthcheck;

import org.jspecify.annotations.NullMarked;
