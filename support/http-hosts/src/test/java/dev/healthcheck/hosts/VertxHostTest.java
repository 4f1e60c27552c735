package dev.healthcheck.hosts;

import dev.healthcheck.http.HealthEndpoint;
import dev.healthcheck.http.HealthRequest;
import dev.healthcheck.http.HealthResponse;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.CompletableFuture;

class VertxHostTest extends HangUpContract {
    @Override
    Host host() {
        return new VertxHost();
    }

    private static final class VertxHost implements Host {
        private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));

        @Override
        public int start(HealthEndpoint endpoint) {
            return vertx.createHttpServer()
                    .requestHandler(request -> handle(request, endpoint))
                    .listen(0, "127.0.0.1")
                    .await()
                    .actualPort();
        }

        private void handle(HttpServerRequest request, HealthEndpoint endpoint) {
            if (request.path().matches("/health(/.*)?")) {
                health(request, endpoint);
            } else {
                request.response().setStatusCode(404).end();
            }
        }

        // recipe
        void health(HttpServerRequest request, HealthEndpoint endpoint) {
            String below = new QueryStringDecoder(request.uri()).path().substring("/health".length());
            CompletableFuture<HealthResponse> answer =
                    endpoint.answer(HealthRequest.of(request.method().name(), "/health", below, request::getHeader));
            HttpServerResponse response = request.response();
            response.closeHandler(closed -> answer.cancel(false)); // nobody waits for it
            Future.fromCompletionStage(answer, vertx.getOrCreateContext()).onSuccess(from -> {
                response.setStatusCode(from.status());
                from.headers().forEach(response::putHeader);
                response.putHeader("Content-Length", Integer.toString(from.contentLength()));
                response.end(Buffer.buffer(from.body()));
            });
        }
        // end of recipe

        @Override
        public void stop() {
            vertx.close().await();
        }
    }
}
