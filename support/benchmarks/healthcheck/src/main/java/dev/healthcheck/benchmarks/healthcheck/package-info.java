/** The contenders of this library. */
@NullMarked
package dev.healthcheck.benchmarks.healthcheck;

import org.jspecify.annotations.NullMarked;
