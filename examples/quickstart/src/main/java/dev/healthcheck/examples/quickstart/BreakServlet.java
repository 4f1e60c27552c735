package dev.healthcheck.examples.quickstart;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.sql.SQLException;
import java.util.Optional;

/** The commands of {@link Breaker} as paths: POST /break/pg/stop. Refuses other machines and web pages. */
final class BreakServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    private final transient Breaker breaker;

    BreakServlet(Breaker breaker) {
        this.breaker = breaker;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        answer(response, HttpServletResponse.SC_OK, "POST one of these, with / for the space:\n" + Breaker.HELP);
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!mayBreak(request)) {
            answer(response, HttpServletResponse.SC_FORBIDDEN, "only from this machine");
            return;
        }
        try {
            Optional<String> done = breaker.run(commandIn(request));
            answer(
                    response,
                    done.isPresent() ? HttpServletResponse.SC_OK : HttpServletResponse.SC_NOT_FOUND,
                    done.orElse("unknown; GET /break says what there is"));
        } catch (IOException | SQLException e) {
            answer(response, HttpServletResponse.SC_INTERNAL_SERVER_ERROR, e.toString());
        }
    }

    /** A page of another site, open in the browser of this machine, sends an origin. */
    private static boolean mayBreak(HttpServletRequest request) throws IOException {
        return InetAddress.getByName(request.getRemoteAddr()).isLoopbackAddress()
                && request.getHeader("Origin") == null;
    }

    private static String commandIn(HttpServletRequest request) {
        String path = request.getPathInfo();
        return path == null ? "" : path.substring(1).replace('/', ' ');
    }

    private static void answer(HttpServletResponse response, int status, String text) throws IOException {
        response.setStatus(status);
        response.setContentType("text/plain;charset=utf-8");
        response.getWriter().println(text);
    }
}
