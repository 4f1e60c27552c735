/** Health checks of databases. */
@NullMarked
package dev.healthcheck.jdbc;

import org.jspecify.annotations.NullMarked;
