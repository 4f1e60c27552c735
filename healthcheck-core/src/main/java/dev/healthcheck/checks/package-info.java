/**
 * Ready-made checks of the process, of its machine and of the network. They need only the JDK.
 *
 * <pre>{@code
 * health.register("deadlock", JvmChecks.deadlock(), o -> o.probes(Probe.LIVENESS));
 * health.register("disk", SystemChecks.diskSpace(Path.of("/var"), 2_000_000_000L), o -> o.every(Duration.ofSeconds(30)));
 * health.register("payments", NetworkChecks.http(URI.create("https://payments.example/health")), o -> o.optional());
 * }</pre>
 *
 * <p>Each check names the {@linkplain dev.healthcheck.Probe probe} that it belongs to, and says whether a restart repairs
 * what it finds.
 *
 * <p>Null arguments throw {@link NullPointerException}, unless a parameter says that it may be null.
 */
@NullMarked
package dev.healthcheck.checks;

import org.jspecify.annotations.NullMarked;
