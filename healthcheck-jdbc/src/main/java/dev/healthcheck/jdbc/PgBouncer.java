package dev.healthcheck.jdbc;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells what PgBouncer means. It gives all of its errors one SQLState, and passes on the text but not the SQLState of a
 * server that refuses the login. So only the text tells, and only in English. The texts are those of PgBouncer's
 * {@code client.c} and {@code objects.c}, and of PostgreSQL's {@code auth.c}, {@code postinit.c} and {@code miscinit.c}.
 */
final class PgBouncer {
    /** Protocol violation. */
    static final String STATE = "08P01";

    private static final Pattern AUTH = Pattern.compile(
            "authentication failed|no such user|login rejected|: not allowed$|pg_hba\\.conf|is not permitted to log in"
                    + "|permission denied for database|role \".*\" does not exist");
    private static final Pattern NO_DATABASE = Pattern.compile("no such database|database \".*\" does not exist");
    private static final Pattern TOO_MANY_CONNECTIONS = Pattern.compile("no more connections allowed"
            + "|client connections exceeded|too many connections for|too many clients|remaining connection slots");

    private PgBouncer() {}

    /** Returns the reason code if this is the text of a refusal, else null. */
    static @Nullable String refusal(String text) {
        if (AUTH.matcher(text).find()) {
            return "auth";
        }
        if (NO_DATABASE.matcher(text).find()) {
            return "no-database";
        }
        return TOO_MANY_CONNECTIONS.matcher(text).find() ? "too-many-connections" : null;
    }
}
