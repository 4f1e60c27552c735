package dev.healthcheck.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** The container's part of a request that waits: it takes one call back, and none after it has ended the request. */
final class StubContext implements AsyncContext {
    private volatile @Nullable AsyncListener listener;

    // guarded by this
    private int callBacks;
    private boolean over;

    /** As containers do it. Whether the request was called back by the end of that. */
    boolean timeOut() {
        AsyncListener told = listener;
        if (callBacks() == 0 && told != null) {
            tell(told);
        }
        return end();
    }

    synchronized int callBacks() {
        return callBacks;
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
        return callBacks > 0;
    }

    @Override
    public synchronized void dispatch() {
        if (over || callBacks > 0) {
            throw new IllegalStateException("not waiting");
        }
        callBacks++;
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
    public ServletResponse getResponse() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean hasOriginalRequestAndResponse() {
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
    public void complete() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void start(Runnable run) {
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
