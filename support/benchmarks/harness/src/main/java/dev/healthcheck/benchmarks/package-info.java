/** What health checks cost, here and elsewhere. */
@NullMarked
package dev.healthcheck.benchmarks;

import org.jspecify.annotations.NullMarked;
