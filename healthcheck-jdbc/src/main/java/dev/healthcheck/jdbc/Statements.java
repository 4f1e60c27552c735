package dev.healthcheck.jdbc;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Runs statements on a borrowed connection, with a limit on their time. */
interface Statements {

    void execute(String sql) throws SQLException;

    /** Returns the first column of the first row. Null if there is no row, or if the column is {@code NULL}. */
    @Nullable
    String read(String sql) throws SQLException;
}
