package dev.healthcheck.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.lang.reflect.Proxy;

/** A request that knows nothing but how to wait. */
final class StubRequest extends HttpServletRequestWrapper {
    private static final HttpServletRequest NOTHING = (HttpServletRequest) Proxy.newProxyInstance(
            StubRequest.class.getClassLoader(), new Class<?>[] {HttpServletRequest.class}, (proxy, method, args) -> {
                throw new UnsupportedOperationException(method.toString());
            });

    private final AsyncContext context;

    StubRequest(AsyncContext context) {
        super(NOTHING);
        this.context = context;
    }

    @Override
    public AsyncContext startAsync() {
        return context;
    }
}
