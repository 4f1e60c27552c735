package dev.healthcheck.examples.quickstart;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.SQLException;

/** The service over HTTP: GET counts orders, POST takes one. */
final class OrdersServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    private final transient Orders orders;

    OrdersServlet(Orders orders) {
        this.orders = orders;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!request.getServletPath().equals("/")) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        answer(response, HttpServletResponse.SC_OK);
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        orders.take("something");
        answer(response, HttpServletResponse.SC_ACCEPTED);
    }

    private void answer(HttpServletResponse response, int status) throws IOException {
        response.setContentType("text/plain;charset=utf-8");
        String stored;
        try {
            stored = Long.toString(orders.store());
            response.setStatus(status);
        } catch (SQLException e) {
            stored = "unknown, the database does not answer";
            response.setStatus(
                    status == HttpServletResponse.SC_ACCEPTED ? status : HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        }
        response.getWriter()
                .printf("orders stored: %s; waiting: %d; views: %s%n", stored, orders.waiting(), orders.views());
    }
}
