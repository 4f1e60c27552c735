package dev.healthcheck.jdbc;

import static dev.healthcheck.jdbc.Asked.ample;
import static dev.healthcheck.jdbc.Sessions.stateOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Whatever a check finds, the connection that it was lent is as it was. */
final class UnchangedAfterEachOutcome {
    private UnchangedAfterEachOutcome() {}

    /** Asks a session in all ways, without a patience and with one. */
    static void of(Connection session) throws SQLException {
        String before = stateOf(session);
        Set<String> reasons = new TreeSet<>();
        JdbcHealthCheck plain = JdbcHealthCheck.of(Sessions.lending(session));
        for (JdbcHealthCheck check : List.of(plain, plain.patience(Duration.ofSeconds(10)))) {
            for (JdbcHealthCheck each : List.of(
                    check,
                    check.requireWritable(),
                    check.query("SELECT 1"),
                    check.query("SELECT 1", "1").requireWritable(),
                    check.query("SELECT 1", "2"),
                    check.query("SELECT nothing"))) {
                reasons.add(String.valueOf(each.check(ample()).reason()));
                assertThat(stateOf(session)).isEqualTo(before);
            }
        }
        assertThat(reasons).contains("null", "query-failed");
    }

    /** Asks a session a query that takes longer than a query may take. */
    static void ofTimeout(Connection session, String slow) throws SQLException {
        String before = stateOf(session);
        JdbcHealthCheck check = JdbcHealthCheck.of(Sessions.lending(session))
                .query(slow)
                .querySeconds(1)
                .patience(Duration.ofSeconds(1));

        assertThat(check.check(ample()).reason()).isEqualTo("timeout");

        assertThat(stateOf(session)).isEqualTo(before);
        of(session);
    }
}
