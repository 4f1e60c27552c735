package dev.healthcheck.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.http.HealthEndpoint;
import dev.healthcheck.http.HealthRequest;
import dev.healthcheck.http.HealthResponse;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A request that its client resets, or that the container times out, at the moment when its answer is due. */
class SuspendedRequestTest {
    private static final HealthRequest FACTS = HealthRequest.of("GET", "/health", "", name -> null);

    private final HealthCheckRegistry registry = HealthCheckRegistry.create();
    private final HealthEndpoint endpoint = HealthEndpoint.of(registry);
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

    @Test
    void an_answer_that_comes_when_the_container_has_begun_to_time_the_request_out_is_given_by_the_time_out()
            throws IOException {
        AtomicReference<AsyncListener> listener = new AtomicReference<>();
        AtomicReference<AsyncEvent> event = new AtomicReference<>();
        List<String> calls = new ArrayList<>();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        HttpServletResponse response = stub(HttpServletResponse.class, (proxy, method, args) -> {
            switch (method.getName()) {
                case "setStatus" -> calls.add("status " + args[0]);
                case "getBufferSize" -> {
                    return 8192;
                }
                case "getOutputStream" -> {
                    return writesTo(body);
                }
                default -> {}
            }
            return null;
        });
        suspend((proxy, method, args) -> {
            switch (method.getName()) {
                case "addListener" -> {
                    listener.set((AsyncListener) args[0]);
                    event.set(new AsyncEvent((AsyncContext) proxy));
                }
                case "start" -> throw new IllegalStateException("[TIMING_OUT]"); // what Tomcat says
                case "complete" -> calls.add("complete");
                default -> {}
            }
            return method.getName().equals("getResponse") ? response : null;
        });

        answer.complete(endpoint.pending(FACTS));
        assertThat(calls).isEmpty();
        listener.get().onTimeout(event.get());

        assertThat(calls).containsExactly("status 503", "complete");
        assertThat(body.toString(UTF_8)).contains("pending");
        assertThat(all).isEmpty();
    }

    private void suspend(InvocationHandler container) {
        AsyncContext context = stub(AsyncContext.class, container);
        SuspendedRequest.suspend(
                stub(HttpServletRequest.class, (proxy, method, args) -> context),
                endpoint,
                FACTS,
                answer,
                Duration.ofMinutes(1),
                all);
    }

    private static ServletOutputStream writesTo(ByteArrayOutputStream bytes) {
        return new ServletOutputStream() {
            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void setWriteListener(WriteListener listener) {}

            @Override
            public void write(int one) {
                bytes.write(one);
            }
        };
    }

    private static <T> T stub(Class<T> type, InvocationHandler behaviour) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, behaviour));
    }
}
