package dev.healthcheck.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.http.HealthEndpoint;
import dev.healthcheck.http.HealthRequest;
import dev.healthcheck.http.HealthResponse;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nothing is kept of a request whose client resets it at a bad moment, which HTTP/2 makes cheap. */
class SuspendedRequestTest {
    private final HealthCheckRegistry registry = HealthCheckRegistry.create();
    private final CompletableFuture<HealthResponse> answer = new CompletableFuture<>();
    private final Set<SuspendedRequest> all = ConcurrentHashMap.newKeySet();

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void nothing_is_kept_of_a_request_that_ends_while_it_is_being_suspended() {
        suspend((proxy, method, args) -> {
            if (method.getName().equals("addListener")) {
                ((AsyncListener) args[0]).onError(new AsyncEvent((AsyncContext) proxy, new IOException("reset")));
            }
            return null;
        });

        assertThat(all).isEmpty();
        assertThat(answer).isCancelled();
    }

    @Test
    void nothing_is_kept_of_a_request_that_has_ended_unnoticed() {
        suspend((proxy, method, args) -> {
            if (method.getName().equals("start")) {
                throw new IllegalStateException("recycled");
            }
            return null;
        });
        assertThat(all).hasSize(1);

        answer.completeExceptionally(new IOException("for the test"));

        assertThat(all).isEmpty();
    }

    private void suspend(InvocationHandler container) {
        AsyncContext context = stub(AsyncContext.class, container);
        SuspendedRequest.suspend(
                stub(HttpServletRequest.class, (proxy, method, args) -> context),
                HealthEndpoint.of(registry),
                HealthRequest.of("GET", "/health", "", name -> null),
                answer,
                Duration.ofMinutes(1),
                all);
    }

    private static <T> T stub(Class<T> type, InvocationHandler behaviour) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, behaviour));
    }
}
