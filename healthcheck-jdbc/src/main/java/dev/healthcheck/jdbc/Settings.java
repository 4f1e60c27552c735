package dev.healthcheck.jdbc;

import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one check.
 *
 * @param query null if {@code isValid} is enough
 * @param patience null for that of the pool
 * @param querySeconds the query timeout
 */
record Settings(
        DataSource dataSource,
        @Nullable Query query,
        boolean writable,
        Duration downWhenExhaustedFor,
        @Nullable Duration patience,
        int querySeconds,
        Ticker ticker) {

    /** Some pools replace a connection after a query timeout, so it has to be rare. */
    static final int QUERY_SECONDS = 5;

    static Settings of(DataSource dataSource) {
        return new Settings(dataSource, null, false, Duration.ofSeconds(30), null, QUERY_SECONDS, Ticker.SYSTEM);
    }

    Settings query(Query changed) {
        return new Settings(dataSource, changed, writable, downWhenExhaustedFor, patience, querySeconds, ticker);
    }

    Settings requireWritable() {
        return new Settings(dataSource, query, true, downWhenExhaustedFor, patience, querySeconds, ticker);
    }

    Settings downWhenExhaustedFor(Duration changed) {
        return new Settings(dataSource, query, writable, changed, patience, querySeconds, ticker);
    }

    Settings patience(Duration changed) {
        return new Settings(dataSource, query, writable, downWhenExhaustedFor, changed, querySeconds, ticker);
    }

    Settings querySeconds(int changed) {
        return new Settings(dataSource, query, writable, downWhenExhaustedFor, patience, changed, ticker);
    }

    Settings ticker(Ticker changed) {
        return new Settings(dataSource, query, writable, downWhenExhaustedFor, patience, querySeconds, changed);
    }
}
