/** Health probes over HTTP. */
@NullMarked
package dev.healthcheck.servlet;

import org.jspecify.annotations.NullMarked;
