/** Instances of an application behind HAProxy lose the database that they share. */
@NullMarked
package dev.healthcheck.examples.fleet;

import org.jspecify.annotations.NullMarked;
