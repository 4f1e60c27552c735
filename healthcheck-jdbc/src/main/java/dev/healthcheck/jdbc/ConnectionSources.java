package dev.healthcheck.jdbc;

import javax.sql.DataSource;

/** Finds out what kind of {@link DataSource} the application has. */
final class ConnectionSources {
    /** Decided once, because each failed attempt to link to HikariCP throws an error. */
    private static final boolean HIKARI_IS_PRESENT = isHikariPresent();

    private ConnectionSources() {}

    /** Returns {@code dataSource} as a HikariCP pool if it is one or wraps one, else as a source of unknown kind. */
    static ConnectionSource of(DataSource dataSource) {
        ConnectionSource pool = HIKARI_IS_PRESENT ? HikariSource.find(dataSource) : null;
        return pool == null ? new PlainSource(dataSource) : pool;
    }

    private static boolean isHikariPresent() {
        try {
            return HikariSource.load() != null;
        } catch (LinkageError e) {
            return false;
        }
    }
}
