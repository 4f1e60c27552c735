/** Health checks of Redis. */
@NullMarked
package dev.healthcheck.redis;

import org.jspecify.annotations.NullMarked;
