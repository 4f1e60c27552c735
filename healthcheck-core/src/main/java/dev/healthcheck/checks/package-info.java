/**
 * Ready-made checks of the process and the machine it runs on. They need nothing but the JDK. Each says which
 * {@linkplain dev.healthcheck.Probe probe} it belongs to, and whether a restart cures what it finds.
 */
@NullMarked
package dev.healthcheck.checks;

import org.jspecify.annotations.NullMarked;
