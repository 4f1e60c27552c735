package dev.healthcheck.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Filters that applications have, in front of fresh answers and of answers that are waited for, small and large. */
abstract class FiltersContract extends HttpContract {
    private static final DispatcherType[] ALL = DispatcherType.values();

    FiltersContract(Supplier<Container> containers) {
        super(containers);
    }

    /** As a filter for JSON Web Tokens and Spring Security behind it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void behind_a_token_filter_a_good_token_gets_its_answer(boolean waited) throws Exception {
        ThreadLocal<Boolean> authenticated = ThreadLocal.withInitial(() -> false);
        container.filter(
                (request, response, chain) -> {
                    String header = ((HttpServletRequest) request).getHeader("Authorization");
                    authenticated.set("Bearer good".equals(header));
                    try {
                        chain.doFilter(request, response);
                    } finally {
                        authenticated.remove();
                    }
                },
                DispatcherType.REQUEST);
        container.filter(
                (request, response, chain) -> {
                    if (authenticated.get()) {
                        chain.doFilter(request, response);
                    } else {
                        ((HttpServletResponse) response).sendError(401);
                    }
                },
                ALL);
        startWith(waited, 1);

        HttpResponse<byte[]> good = answerTo(waited, "Authorization", "Bearer good");

        assertWhole(good, 1);
        assertThat(get("/health/ready", "Authorization", "Bearer bad").statusCode())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource({"false, 1", "true, 1", "false, 300", "true, 300"})
    void a_filter_that_compresses_and_ends_in_its_finally_gets_in_nobody_s_way(boolean waited, int checks)
            throws Exception {
        container.filter(compressing(false), DispatcherType.REQUEST);
        startWith(waited, checks);

        assertWhole(answerTo(waited, "Accept-Encoding", "gzip"), checks);
    }

    @ParameterizedTest
    @CsvSource({"false, 1", "true, 1", "false, 300", "true, 300"})
    void a_filter_that_compresses_and_ends_with_the_request_gets_in_nobody_s_way(boolean waited, int checks)
            throws Exception {
        container.filter(compressing(true), DispatcherType.REQUEST, DispatcherType.ASYNC);
        startWith(waited, checks);

        assertWhole(answerTo(waited, "Accept-Encoding", "gzip"), checks);
    }

    /** As Spring's {@code ShallowEtagHeaderFilter}, and as filters that cache the body for a log. */
    @ParameterizedTest
    @CsvSource({
        "false, 1, true",
        "true, 1, true",
        "false, 300, true",
        "true, 300, true",
        "false, 1, false",
        "true, 1, false"
    })
    void a_filter_that_caches_the_body_gets_in_nobody_s_way(boolean waited, int checks, boolean knowsOfAsync)
            throws Exception {
        container.filter(caching(knowsOfAsync), DispatcherType.REQUEST, DispatcherType.ASYNC);
        startWith(waited, checks);

        assertWhole(answerTo(waited), checks);
    }

    @ParameterizedTest
    @CsvSource({"false, 1", "true, 1", "false, 300", "true, 300"})
    void the_container_s_compression_works(boolean waited, int checks) throws Exception {
        container.compress();
        startWith(waited, checks);

        HttpResponse<byte[]> response = answerTo(waited, "Accept-Encoding", "gzip");

        assertWhole(response, checks);
        if (checks > 1) {
            assertThat(response.headers().allValues("Content-Encoding")).containsExactly("gzip");
        }
    }

    private void startWith(boolean waited, int checks) throws Exception {
        for (int i = 1; i < checks; i++) {
            registry.register("check" + i, CheckResult::up);
        }
        registry.register("slow", waited ? waitsForGate() : CheckResult::up);
        startUsual();
        if (!waited) {
            registry.check();
        }
    }

    /** Asks for readiness, and opens the gate when the request waits. */
    private HttpResponse<byte[]> answerTo(boolean waited, String... headers) throws Exception {
        var request = request("GET", "/health/ready");
        if (headers.length > 0) {
            request.headers(headers);
        }
        CompletableFuture<HttpResponse<byte[]>> response =
                client.sendAsync(request.build(), BodyHandlers.ofByteArray());
        if (waited) {
            await().until(() -> atGate.get() == 1);
            gate.countDown();
        }
        return response.get(PATIENCE, TimeUnit.SECONDS);
    }

    private static void assertWhole(HttpResponse<byte[]> response, int checks) throws IOException {
        assertThat(response.statusCode()).isEqualTo(200);
        boolean compressed =
                response.headers().firstValue("Content-Encoding").orElse("").equals("gzip");
        byte[] body = compressed
                ? new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes()
                : response.body();
        assertThat(json(new String(body, UTF_8)).get("checks")).hasSize(checks);
        assertThat(response.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(response.headers().allValues("Vary"))
                .anyMatch(value -> value.toLowerCase(Locale.ROOT).matches("(.*,)?accept(,.*)?"));
    }

    private static Filter compressing(boolean untilTheEnd) {
        return (request, response, chain) -> {
            Compressed compressed = new Compressed((HttpServletResponse) response);
            try {
                chain.doFilter(request, compressed);
            } finally {
                if (untilTheEnd && request.isAsyncStarted()) {
                    request.getAsyncContext().addListener(new AtTheEnd(compressed::finish));
                } else {
                    compressed.finish();
                }
            }
        };
    }

    private static Filter caching(boolean knowsOfAsync) {
        return (request, response, chain) -> {
            Cached cached = new Cached((HttpServletResponse) response);
            chain.doFilter(request, cached);
            if (!knowsOfAsync || !request.isAsyncStarted()) {
                cached.copy();
            }
        };
    }

    /** What a filter does when the request is over. */
    private record AtTheEnd(Action action) implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) throws IOException {
            action.run();
        }

        @Override
        public void onTimeout(AsyncEvent event) {}

        @Override
        public void onError(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {}

        interface Action {
            void run() throws IOException;
        }
    }

    /** Writes to another stream, blocking. */
    private static final class Redirected extends ServletOutputStream {
        private final OutputStream out;

        Redirected(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int value) throws IOException {
            out.write(value);
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new UnsupportedOperationException("blocking only");
        }
    }

    private static final class Compressed extends HttpServletResponseWrapper {
        private @Nullable GZIPOutputStream gzip;

        Compressed(HttpServletResponse response) {
            super(response);
        }

        @Override
        public void setContentLength(int length) {}

        @Override
        public void setContentLengthLong(long length) {}

        @Override
        public ServletOutputStream getOutputStream() throws IOException {
            if (gzip == null) {
                setHeader("Content-Encoding", "gzip");
                gzip = new GZIPOutputStream(super.getOutputStream());
            }
            return new Redirected(gzip);
        }

        void finish() throws IOException {
            if (gzip != null) {
                gzip.finish();
            }
        }
    }

    private static final class Cached extends HttpServletResponseWrapper {
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();

        Cached(HttpServletResponse response) {
            super(response);
        }

        @Override
        public void setContentLength(int length) {}

        @Override
        public ServletOutputStream getOutputStream() {
            return new Redirected(body);
        }

        /** Does nothing if nothing was written through this filter. */
        void copy() throws IOException {
            if (body.size() > 0) {
                ((HttpServletResponse) getResponse()).setHeader("ETag", "\"0" + body.size() + "\"");
                getResponse().setContentLength(body.size());
                getResponse().getOutputStream().write(body.toByteArray());
            }
        }
    }
}
