/**
 * Health checks of databases, through the application's own {@link javax.sql.DataSource}.
 *
 * <pre>{@code
 * HealthCheckRegistry health = HealthCheckRegistry.create();
 * health.register("orders-db", JdbcHealthCheck.of(dataSource).query("SELECT 1 FROM orders LIMIT 1"));
 * health.register("reports-db", JdbcHealthCheck.of(replica), o -> o.optional());
 * }</pre>
 *
 * <p>{@link dev.healthcheck.jdbc.JdbcHealthCheck} documents each step, each reason and each timeout. HikariCP is optional;
 * with it, the check also distinguishes an exhausted pool from a database that does not answer. Null arguments throw
 * {@link NullPointerException}.
 */
@NullMarked
package dev.healthcheck.jdbc;

import org.jspecify.annotations.NullMarked;
