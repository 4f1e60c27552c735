/**
 * Health checks of databases, through the application's own {@link javax.sql.DataSource}.
 *
 * <pre>{@code
 * health.register("orders-db", JdbcHealthCheck.of(dataSource));
 * health.register("reports-db", JdbcHealthCheck.of(replica).query("SELECT 1 FROM reports"), o -> o.optional());
 * }</pre>
 *
 * <p>{@link dev.healthcheck.jdbc.JdbcHealthCheck} says what is asked, and how each fault is named.
 */
@NullMarked
package dev.healthcheck.jdbc;

import org.jspecify.annotations.NullMarked;
