package dev.healthcheck.examples.fleet;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The queries of the application. Thread-safe. */
final class Shop {
    private final DataSource dataSource;

    /** The price as this process has read it last; null if it never has. */
    private volatile @Nullable String lastPrice;

    Shop(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Takes an order, for which there is no substitute. */
    void order() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("INSERT INTO orders DEFAULT VALUES");
        }
    }

    /** Returns the price of today. */
    String price() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT amount FROM price")) {
            rows.next();
            String price = rows.getString(1);
            lastPrice = price;
            return price;
        }
    }

    /** Returns a price that may be old; null if this process knows none. */
    @Nullable
    String lastPrice() {
        return lastPrice;
    }
}
