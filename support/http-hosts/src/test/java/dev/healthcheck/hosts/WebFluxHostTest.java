package dev.healthcheck.hosts;

import static dev.healthcheck.testkit.RawHttp.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.springframework.web.reactive.function.server.RequestPredicates.path;

import dev.healthcheck.http.HealthEndpoint;
import dev.healthcheck.http.HealthRequest;
import dev.healthcheck.testkit.Patience;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

class WebFluxHostTest extends HangUpContract {
    @Override
    Host host() {
        return new WebFluxHost();
    }

    /**
     * A thread of the registry would still be busy with an answer that the client has. Reactor Netty queues the client's next
     * request for so long, and forgets it if it says {@code Connection: close}.
     */
    @Test
    void a_thread_of_the_server_finishes_an_answer_that_was_waited_for() throws Exception {
        WebFluxHost host = new WebFluxHost();
        health.register("slow", this::waitsForGate);
        int port = host.start(HealthEndpoint.of(health));
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            send(socket, "HEAD /health/slow HTTP/1.1\r\nHost: a\r\n\r\n");
            await().atMost(Patience.patiently(LOCALLY)).until(() -> waiting.get() > 0);
            gate.countDown();
            await().atMost(Patience.patiently(LOCALLY)).until(() -> !host.finishers.isEmpty());
        } finally {
            host.stop();
        }
        assertThat(host.finishers).hasSize(1).allMatch(name -> name.startsWith("webflux-"));
    }

    private static final class WebFluxHost implements Host {
        final List<String> finishers = new CopyOnWriteArrayList<>();
        private final LoopResources loop = LoopResources.create("webflux", 1, 1, true);
        private @Nullable DisposableServer server;

        @Override
        public int start(HealthEndpoint endpoint) {
            server = HttpServer.create()
                    .host("127.0.0.1")
                    .port(0)
                    .runOn(loop)
                    .mapHandle((answer, connection) -> answer.doOnSuccess(
                            nothing -> finishers.add(Thread.currentThread().getName())))
                    .handle(new ReactorHttpHandlerAdapter(RouterFunctions.toHttpHandler(health(endpoint))))
                    .bindNow();
            return server.port();
        }

        // recipe
        @Bean
        RouterFunction<ServerResponse> health(HealthEndpoint endpoint) {
            return RouterFunctions.route(path("/health/{*below}"), request -> answer(request, endpoint));
        }

        private static Mono<ServerResponse> answer(ServerRequest request, HealthEndpoint endpoint) {
            HealthRequest asked = HealthRequest.of(
                    request.method().name(), "/health", request.pathVariable("below"), request.headers()::firstHeader);
            Connection connection = ServerHttpRequestDecorator.getNativeRequest(
                    request.exchange().getRequest());
            return Mono.fromFuture(() -> endpoint.answer(asked)) // is cancelled if the client hangs up
                    .publishOn(Schedulers.fromExecutor(connection.channel().eventLoop()))
                    .flatMap(from -> ServerResponse.status(from.status())
                            .headers(headers -> {
                                from.headers().forEach(headers::set);
                                headers.setContentLength(from.contentLength());
                            })
                            .body((response, context) -> response.writeWith(
                                    Mono.just(response.bufferFactory().wrap(from.body())))));
        }
        // end of recipe

        @Override
        public void stop() {
            if (server != null) {
                server.disposeNow(Duration.ofSeconds(1));
            }
            loop.disposeLater(Duration.ZERO, Duration.ofSeconds(1)).block();
        }
    }
}
