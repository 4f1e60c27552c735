/** What a report costs. */
@NullMarked
package dev.healthcheck.benchmarks;

import org.jspecify.annotations.NullMarked;
