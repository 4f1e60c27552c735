/** What is compared. */
@NullMarked
package dev.healthcheck.benchmarks.healthcheck;

import org.jspecify.annotations.NullMarked;
