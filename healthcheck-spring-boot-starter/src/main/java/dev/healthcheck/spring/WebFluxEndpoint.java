package dev.healthcheck.spring;

import dev.healthcheck.http.HealthEndpoint;
import dev.healthcheck.http.HealthRequest;
import dev.healthcheck.http.HealthResponse;
import java.util.List;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.function.server.support.RouterFunctionMapping;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.Connection;

/** Answers probes in WebFlux. Thread-safe. */
final class WebFluxEndpoint {
    /** After the controllers and routes of the application, and before its static resources. */
    private static final int ORDER = 1;

    private static final String BELOW = "below";
    private final HealthEndpoint endpoint;
    private final Finisher finisher;

    WebFluxEndpoint(HealthEndpoint endpoint, Finisher finisher) {
        this.endpoint = endpoint;
        this.finisher = finisher;
    }

    HandlerMapping mapping(String path, List<String> probes) {
        RouterFunctionMapping mapping = new RouterFunctionMapping(routes(path, probes));
        mapping.setOrder(ORDER);
        return mapping;
    }

    private RouterFunction<ServerResponse> routes(String path, List<String> probes) {
        RouterFunctions.Builder routes = RouterFunctions.route()
                .route(
                        RequestPredicates.path(path + "/{*" + BELOW + "}"),
                        request -> answer(request, facts(request, path, request.pathVariable(BELOW))));
        for (String probe : probes) {
            routes.route(
                    RequestPredicates.path(probe),
                    request -> answer(request, facts(request, probe, "").linkedTo("." + path + "/")));
        }
        return routes.build();
    }

    private static HealthRequest facts(ServerRequest request, String mount, String below) {
        return HealthRequest.of(request.method().name(), mount, below, request.headers()::firstHeader);
    }

    private Mono<ServerResponse> answer(ServerRequest request, HealthRequest facts) {
        return Mono.fromFuture(() -> endpoint.answer(facts)) // is cancelled if the client hangs up
                .publishOn(finisher.of(request.exchange().getRequest()))
                .flatMap(WebFluxEndpoint::response);
    }

    private static Mono<ServerResponse> response(HealthResponse from) {
        return ServerResponse.status(from.status())
                .headers(headers -> {
                    from.headers().forEach(headers::set);
                    headers.setContentLength(from.contentLength());
                })
                .body((response, context) ->
                        response.writeWith(Mono.just(response.bufferFactory().wrap(from.body()))));
    }

    /** Says what finishes an answer. A thread of the registry must not write to clients. */
    interface Finisher {
        Scheduler of(ServerHttpRequest request);
    }

    /**
     * The event loop of the connection. If another thread finishes an answer, the client may have it before Reactor Netty
     * notes its end. Reactor Netty queues the next request of the connection for so long, and forgets it if it says
     * {@code Connection: close}.
     */
    static final class EventLoop implements Finisher {

        @Override
        public Scheduler of(ServerHttpRequest request) {
            Object own = ServerHttpRequestDecorator.getNativeRequest(request);
            return own instanceof Connection connection
                    ? Schedulers.fromExecutor(connection.channel().eventLoop())
                    : Schedulers.parallel();
        }
    }
}
