/** Measures what health checks cost, in this library and in others. */
@NullMarked
package dev.healthcheck.benchmarks;

import org.jspecify.annotations.NullMarked;
