/**
 * The test kit for checks, and for the registry that runs them: {@link dev.healthcheck.testkit.Faults} and {@link
 * dev.healthcheck.testkit.Hang} are checks that misbehave in one way each, {@link dev.healthcheck.testkit.TcpProxy} is a
 * network that breaks when told, {@link dev.healthcheck.testkit.FakeClock} tells dates as the test sets them, {@link
 * dev.healthcheck.testkit.Patience} has the upper bounds of what a real clock measures, {@link
 * dev.healthcheck.testkit.AdapterContract} is what every adapter promises. Uses only the public interface of the core.
 */
package dev.healthcheck.testkit;
