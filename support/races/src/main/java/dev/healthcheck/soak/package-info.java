/** A long run: what is used for each check, run and registry is given back. */
@NullMarked
package dev.healthcheck.soak;

import org.jspecify.annotations.NullMarked;
