package dev.healthcheck.examples.quickstart;

import java.nio.ByteBuffer;
import java.util.Locale;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.NanoTime;

/**
 * Adds {@code Server-Timing} to each answer: how long the server took until it sent the headers. The developer tools of a
 * browser show it among the timings of a request.
 */
final class ServerTiming extends Handler.Wrapper {
    ServerTiming(Handler handler) {
        super(handler);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        return super.handle(request, new Timed(request, response), callback);
    }

    private static final class Timed extends Response.Wrapper {
        Timed(Request request, Response response) {
            super(request, response);
        }

        @Override
        public void write(boolean last, ByteBuffer content, Callback callback) {
            if (!isCommitted()) {
                double millis = NanoTime.since(getRequest().getHeadersNanoTime()) / 1e6;
                getHeaders().put("Server-Timing", String.format(Locale.ROOT, "app;dur=%.1f", millis));
            }
            super.write(last, content, callback);
        }
    }
}
