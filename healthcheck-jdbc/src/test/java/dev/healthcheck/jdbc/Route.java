package dev.healthcheck.jdbc;

import java.util.Locale;

/** A driver and the server behind it. */
enum Route {
    POSTGRES(
            "PostgreSQL",
            "org.postgresql.Driver",
            "jdbc:postgresql://127.0.0.1:%d/postgres",
            "SELECT pg_backend_pid()"),
    MARIADB(
            "MariaDB",
            "org.mariadb.jdbc.Driver",
            "jdbc:mariadb://127.0.0.1:%d/app?sslMode=disable",
            "SELECT connection_id()"),
    MYSQL_DRIVER(
            "MariaDB by MySQL's driver",
            "com.mysql.cj.jdbc.Driver",
            "jdbc:mysql://127.0.0.1:%d/app?sslMode=DISABLED&allowPublicKeyRetrieval=true",
            "SELECT connection_id()");

    final String label;
    final String driver;
    /** Returns a number that is the connection's own as long as the server lives. */
    final String backendQuery;

    private final String url;

    Route(String label, String driver, String url, String backendQuery) {
        this.label = label;
        this.driver = driver;
        this.url = url;
        this.backendQuery = backendQuery;
    }

    String url(int port) {
        return String.format(Locale.ROOT, url, port);
    }
}
