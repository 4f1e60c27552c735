package dev.healthcheck.jdbc;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The error codes and questions that only the databases of one vendor know. Stateless. The default methods are those of
 * a database that says everything by means of JDBC and the SQL standard.
 */
interface Dialect {

    /** Returns the product names that the drivers of this vendor give. */
    default List<String> products() {
        return List.of();
    }

    /** Asks the server whether it is read-only. The caller has asked the driver before. */
    default boolean isReadOnly(Statements server) throws SQLException {
        return false;
    }

    /** Returns the reason code if the server refuses to open a connection by this error, else null. */
    default @Nullable String refusalOfConnection(String state, SQLException failure) {
        return null;
    }

    /**
     * Returns the reason code if this error of a statement is about the user or the database of the open connection and
     * not about the statement, else null.
     */
    default @Nullable String refusalOfStatement(String state, SQLException failure) {
        return null;
    }

    /** Returns whether the server ends the connection with this error. */
    default boolean endsConnection(String state) {
        return false;
    }

    /** Returns whether this is the error of a statement that the server has ended because it took too long. */
    default boolean endsStatement(String state) {
        return false;
    }
}
