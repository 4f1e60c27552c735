/** The contenders of Dropwizard Metrics. */
@NullMarked
package dev.healthcheck.benchmarks.dropwizard;

import org.jspecify.annotations.NullMarked;
