package dev.healthcheck.examples.fleet;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;

/**
 * Takes an order by POST, which fails while the database is away, and tells the price by GET. While the database is away,
 * that is the last price which the process has read, if any, and a header says so.
 */
final class ShopServlet extends HttpServlet {
    static final String DEGRADED = "X-Degraded";

    private static final long serialVersionUID = 1;

    private final transient Shop shop;

    ShopServlet(Shop shop) {
        this.shop = shop;
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            shop.order();
            response.getWriter().println("taken");
        } catch (SQLException e) {
            response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            response.getWriter().println(shop.price());
        } catch (SQLException e) {
            String last = shop.lastPrice();
            if (last == null) {
                response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            } else {
                response.setHeader(DEGRADED, "price");
                response.getWriter().println(last);
            }
        }
    }
}
