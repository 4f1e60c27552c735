package dev.healthcheck.hosts;

import dev.healthcheck.http.HealthEndpoint;
import dev.healthcheck.http.HealthRequest;
import dev.healthcheck.http.HealthResponse;
import io.javalin.Javalin;
import io.javalin.http.Context;
import java.util.concurrent.Executor;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

class JavalinHostTest extends HostContract {
    @Override
    Host host() {
        return new JavalinHost();
    }

    private static final class JavalinHost implements Host {
        private @Nullable Javalin server;

        @Override
        public int start(HealthEndpoint endpoint) {
            QueuedThreadPool threads = new QueuedThreadPool(8, 8);
            server = Javalin.create(config -> {
                config.startup.showJavalinBanner = false;
                config.jetty.host = "127.0.0.1";
                config.jetty.port = 0;
                // recipe
                config.jetty.threadPool = threads;
                config.routes.before("/health", context -> health(context, endpoint, threads));
                config.routes.before("/health/*", context -> health(context, endpoint, threads));
                // end of recipe
            });
            return server.start().port();
        }

        // recipe
        void health(Context context, HealthEndpoint endpoint, Executor threads) {
            String below = context.req().getPathInfo().substring("/health".length());
            HealthRequest request = HealthRequest.of(context.method().name(), "/health", below, context::header);
            context.skipRemainingHandlers();
            context.future(() -> endpoint.answer(request).thenAcceptAsync(from -> send(context, from), threads));
        }

        private static void send(Context context, HealthResponse from) {
            context.status(from.status());
            from.headers().forEach(context::header);
            context.header("Content-Length", Integer.toString(from.contentLength()));
            context.result(from.body());
        }
        // end of recipe

        @Override
        public void stop() {
            if (server != null) {
                server.stop();
            }
        }
    }
}
