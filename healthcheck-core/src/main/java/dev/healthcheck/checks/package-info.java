/**
 * Ready-made checks of the process, the machine it runs on and the network around it. They need nothing but the JDK.
 * Each says which {@linkplain dev.healthcheck.Probe probe} it belongs to, and whether a restart cures what it finds.
 */
@NullMarked
package dev.healthcheck.checks;

import org.jspecify.annotations.NullMarked;
