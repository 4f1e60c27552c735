package dev.healthcheck.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** The container's part of a request that waits: it takes one answer, and none after it has ended the request. */
final class StubContext implements AsyncContext {
    private volatile @Nullable AsyncListener listener;

    // guarded by this
    private int written;
    private int completed;
    private boolean over;

    /** As containers do it. Whether the request was complete by the end of that. */
    boolean timeOut() {
        AsyncListener told = listener;
        if (!isComplete() && told != null) {
            tell(told);
        }
        return end();
    }

    /** How often the answer was written, if it was completed as often. */
    synchronized int answers() {
        return written == completed ? written : -1;
    }

    private synchronized boolean isComplete() {
        return completed > 0;
    }

    private void tell(AsyncListener told) {
        try {
            told.onTimeout(new AsyncEvent(this, null, null, null));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized boolean end() {
        over = true;
        return completed > 0;
    }

    @Override
    public synchronized void complete() {
        if (over || completed > 0) {
            throw new IllegalStateException("not waiting");
        }
        completed++;
    }

    @Override
    public void start(Runnable run) {
        run.run();
    }

    /** A response that counts what is written. */
    @Override
    public ServletResponse getResponse() {
        return (ServletResponse) Proxy.newProxyInstance(
                StubContext.class.getClassLoader(),
                new Class<?>[] {HttpServletResponse.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getBufferSize" -> 8192;
                    case "getOutputStream" -> new Counted();
                    default -> null;
                });
    }

    private final class Counted extends ServletOutputStream {
        @Override
        public void write(byte[] bytes) {
            write(bytes.length);
        }

        @Override
        public void write(int ignored) {
            synchronized (StubContext.this) {
                written++;
            }
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new UnsupportedOperationException();
        }
    }

    @Override
    public void addListener(AsyncListener added) {
        listener = added;
    }

    @Override
    public void setTimeout(long timeout) {}

    @Override
    public long getTimeout() {
        throw new UnsupportedOperationException();
    }

    @Override
    public ServletRequest getRequest() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean hasOriginalRequestAndResponse() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void dispatch() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void dispatch(String path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void dispatch(ServletContext context, String path) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void addListener(AsyncListener added, ServletRequest request, ServletResponse response) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T extends AsyncListener> T createListener(Class<T> type) {
        throw new UnsupportedOperationException();
    }
}
