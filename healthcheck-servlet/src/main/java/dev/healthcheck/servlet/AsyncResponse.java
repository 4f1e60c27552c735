package dev.healthcheck.servlet;

import dev.healthcheck.http.HealthResponse;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The response of a suspended request. Writes on a thread of the container, and blocks none. */
final class AsyncResponse {
    private static final Logger LOG = LoggerFactory.getLogger(AsyncResponse.class);

    private final AsyncContext context;
    private final HttpServletResponse response;

    AsyncResponse(AsyncContext context) {
        this.context = context;
        this.response = (HttpServletResponse) unwrapped(context.getResponse());
    }

    /** Undertow gives out the wrapper of a filter that has returned, and may have closed what it wraps. */
    private static ServletResponse unwrapped(ServletResponse response) {
        ServletResponse inner = response;
        while (inner instanceof ServletResponseWrapper wrapper) {
            inner = wrapper.getResponse();
        }
        return inner;
    }

    /** Writes an answer that fits into the response's buffer at once, and another one as the client reads it. */
    void send(HealthResponse answer) {
        try {
            if (AnswerWriter.fits(answer, response)) {
                AnswerWriter.write(answer, response);
                complete();
            } else {
                AnswerWriter.writeHead(answer, response);
                ServletOutputStream out = response.getOutputStream();
                out.setWriteListener(new Body(out, answer.body()));
            }
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    /** Leaves no status of success without a body: nobody may take it for good health. */
    private void fail(Exception thrown) {
        LOG.debug("the client did not take its answer", thrown);
        if (!response.isCommitted()) {
            response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        }
        complete();
    }

    private void complete() {
        try {
            context.complete();
        } catch (IllegalStateException e) { // the container was first
            LOG.debug("a request has ended early", e);
        }
    }

    /** Writes the body whenever the client can take more. */
    private final class Body implements WriteListener {
        private final ServletOutputStream out;
        private final byte[] bytes;
        private boolean written;

        Body(ServletOutputStream out, byte[] bytes) {
            this.out = out;
            this.bytes = bytes;
        }

        @Override
        public void onWritePossible() throws IOException {
            while (out.isReady()) { // nothing may touch the stream between a write and this question
                if (written) {
                    complete();
                    return;
                }
                written = true;
                out.write(bytes);
            }
        }

        @Override
        public void onError(Throwable thrown) {
            LOG.debug("the client did not take its answer", thrown);
            complete();
        }
    }
}
