package dev.healthcheck.published;

import static java.net.http.HttpResponse.BodyHandlers.discarding;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.file.Path;

/** Asks a server for pages and probes, and looks for them in its access log. */
final class AccessLog {
    static final String[] HEALTH = {"/health/*", "/livez", "/readyz", "/startupz", "/healthz"};

    private AccessLog() {}

    /** A page of the application. */
    static final class Page extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        }
    }

    static void askForAll(int port) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        for (String path : new String[] {"/page", "/health", "/health/ready", "/livez", "/readyz", "/healthier"}) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .build();
            client.send(request, discarding());
        }
    }

    static void assertNoProbesIn(Path file) {
        await().untilAsserted(() -> assertThat(file).content().contains("/page", "/healthier"));
        assertThat(file).content().doesNotContain("/health ", "/health/", "livez", "readyz");
    }
}
