package dev.healthcheck.jdbc;

import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The known {@linkplain Dialect dialects}.
 *
 * <p>A connection tells its vendor. An error of a connection that could not be borrowed does not, so all dialects are
 * asked about it; each recognises only errors that no other vendor has.
 */
final class Dialects {
    private static final Dialect GENERIC = new Dialect() {};
    private static final List<Dialect> KNOWN =
            List.of(new PostgresDialect(), new MySqlDialect(), new SqlServerDialect(), new OracleDialect());

    private Dialects() {}

    /** Returns the dialect for a {@linkplain java.sql.DatabaseMetaData#getDatabaseProductName product name}. */
    static Dialect of(@Nullable String product) {
        for (Dialect each : KNOWN) {
            if (product != null && each.products().contains(product)) {
                return each;
            }
        }
        return GENERIC;
    }

    /** Returns the reason code if a server refuses to open a connection by this error, else null. */
    static @Nullable String refusalOfConnection(String state, SQLException failure) {
        return first(each -> each.refusalOfConnection(state, failure));
    }

    /** Returns the reason code if a server refuses a statement because of the user or the database, else null. */
    static @Nullable String refusalOfStatement(String state, SQLException failure) {
        return first(each -> each.refusalOfStatement(state, failure));
    }

    private static @Nullable String first(Function<Dialect, @Nullable String> question) {
        for (Dialect each : KNOWN) {
            String reason = question.apply(each);
            if (reason != null) {
                return reason;
            }
        }
        return null;
    }

    static boolean any(Predicate<Dialect> wanted) {
        return KNOWN.stream().anyMatch(wanted);
    }
}
