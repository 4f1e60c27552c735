/** What is compared. */
@NullMarked
package dev.healthcheck.benchmarks.smallrye;

import org.jspecify.annotations.NullMarked;
