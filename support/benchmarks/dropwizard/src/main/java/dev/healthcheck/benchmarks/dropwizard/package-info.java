/** What is compared. */
@NullMarked
package dev.healthcheck.benchmarks.dropwizard;

import org.jspecify.annotations.NullMarked;
