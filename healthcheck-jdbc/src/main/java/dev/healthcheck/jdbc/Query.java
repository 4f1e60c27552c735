package dev.healthcheck.jdbc;

import dev.healthcheck.CheckResult;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What the user wants to know, and what should come of it; null if anything may. */
record Query(String sql, @Nullable String expected) {

    /** Why the answer is not what was expected; null if it is. */
    @Nullable
    CheckResult objection(BorrowedConnection connection) throws SQLException {
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
