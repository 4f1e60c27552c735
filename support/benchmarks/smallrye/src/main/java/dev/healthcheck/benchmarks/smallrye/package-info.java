/** The contenders of SmallRye Health. */
@NullMarked
package dev.healthcheck.benchmarks.smallrye;

import org.jspecify.annotations.NullMarked;
