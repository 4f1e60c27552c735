/** A small service with health probes, and the means to break what it depends on. */
@NullMarked
package dev.healthcheck.examples.quickstart;

import org.jspecify.annotations.NullMarked;
