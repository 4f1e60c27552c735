package dev.healthcheck.jdbc;

import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one check.
 *
 * @param query null if {@code isValid} is enough
 * @param patience null for that of the pool
 */
record Settings(
        DataSource dataSource,
        @Nullable Query query,
        boolean writable,
        Duration downWhenExhaustedFor,
        @Nullable Duration patience,
        Ticker ticker) {

    static Settings of(DataSource dataSource) {
        return new Settings(dataSource, null, false, Duration.ofSeconds(30), null, Ticker.SYSTEM);
    }

    Settings query(Query changed) {
        return new Settings(dataSource, changed, writable, downWhenExhaustedFor, patience, ticker);
    }

    Settings requireWritable() {
        return new Settings(dataSource, query, true, downWhenExhaustedFor, patience, ticker);
    }

    Settings downWhenExhaustedFor(Duration changed) {
        return new Settings(dataSource, query, writable, changed, patience, ticker);
    }

    Settings patience(Duration changed) {
        return new Settings(dataSource, query, writable, downWhenExhaustedFor, changed, ticker);
    }

    Settings ticker(Ticker changed) {
        return new Settings(dataSource, query, writable, downWhenExhaustedFor, patience, changed);
    }
}
