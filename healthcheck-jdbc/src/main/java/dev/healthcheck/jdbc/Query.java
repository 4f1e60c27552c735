package dev.healthcheck.jdbc;

import dev.healthcheck.CheckResult;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A query of the user.
 *
 * @param expected null if every success of the query will do
 */
record Query(String sql, @Nullable String expected) {

    /** Returns what is wrong with the answer; null if it is the expected one. */
    @Nullable
    CheckResult objection(Statements connection) throws SQLException {
        if (expected == null) {
            connection.execute(sql);
            return null;
        }
        String found = connection.read(sql);
        return expected.equals(found)
                ? null
                : CheckResult.down("the query should find " + quoted(expected) + ", not " + quoted(found))
                        .withReason("query-failed");
    }

    private static String quoted(@Nullable String text) {
        return text == null ? "nothing" : '"' + text + '"';
    }
}
