/** Restarts instances behind HAProxy under load and counts the requests that fail. */
@NullMarked
package dev.healthcheck.restarts;

import org.jspecify.annotations.NullMarked;
