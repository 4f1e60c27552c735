package dev.healthcheck.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A real data source of which every JDBC call is seen: by whom it is made, and one of them may be made to fail. */
final class Observed {
    final List<String> calls = new CopyOnWriteArrayList<>();
    final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    private final DataSource real;
    private volatile int failingCall = -1;
    private volatile @Nullable Throwable failure;

    Observed(DataSource real) {
        this.real = real;
    }

    DataSource dataSource() {
        return proxy(DataSource.class, real);
    }

    /** The call with that number, counted from zero, will throw this. */
    void fail(int call, Throwable thrown) {
        calls.clear();
        failingCall = call;
        failure = thrown;
    }

    void failNever() {
        calls.clear();
        failure = null;
    }

    private Object call(Method method, Object target, Object @Nullable [] args) throws Throwable {
        String call = method.getDeclaringClass().getSimpleName() + "." + method.getName();
        int number = calls.size();
        calls.add(call);
        threads.add(Thread.currentThread());
        boolean closesConnection =
                target instanceof Connection && method.getName().equals("close");
        if (closesConnection) {
            closed.incrementAndGet();
        }
        Throwable injected = failure;
        if (number == failingCall && injected != null) {
            if (closesConnection) {
                ((Connection) target).close();
            }
            throw injected;
        }
        Object result = invoke(method, target, args);
        if (result instanceof Connection && target instanceof DataSource) {
            opened.incrementAndGet();
        }
        Class<?> type = method.getReturnType();
        return result != null && type.isInterface() && type.getName().startsWith("java.sql.")
                ? proxy(type, result)
                : result;
    }

    private static Object invoke(Method method, Object target, Object @Nullable [] args) throws Throwable {
        try {
            return method.invoke(target, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private <T> T proxy(Class<T> type, Object target) {
        return type.cast(Proxy.newProxyInstance(
                Observed.class.getClassLoader(),
                new Class<?>[] {type},
                (self, method, args) -> switch (method.getName()) {
                    case "hashCode" -> System.identityHashCode(self);
                    case "equals" -> self == args[0];
                    case "toString" -> "observed";
                    default -> call(method, target, args);
                }));
    }
}
