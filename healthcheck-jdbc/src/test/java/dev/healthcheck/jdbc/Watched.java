package dev.healthcheck.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLFeatureNotSupportedException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * Remembers which connections the thread that made it has found dead, and who asks them something later. They have
 * neither a network timeout nor warnings: when it takes a dead one back, HikariCP would know by them without being told.
 */
final class Watched {
    final List<String> usedWhenDead = new CopyOnWriteArrayList<>();
    private final Set<Integer> dead = ConcurrentHashMap.newKeySet();
    private final AtomicInteger made = new AtomicInteger();
    private final Thread check = Thread.currentThread();
    private final DataSource real;

    Watched(DataSource real) {
        this.real = real;
    }

    int foundDead() {
        return dead.size();
    }

    DataSource dataSource() {
        return proxy(DataSource.class, (method, args) -> {
            Object result = call(method, real, args);
            return result instanceof Connection connection ? watched(connection) : result;
        });
    }

    private Connection watched(Connection connection) {
        int number = made.incrementAndGet();
        return proxy(Connection.class, (method, args) -> {
            if (method.getName().equals("createStatement") && dead.contains(number)) {
                usedWhenDead.add(number + " by " + Thread.currentThread().getName());
            }
            if (method.getName().endsWith("NetworkTimeout")) {
                throw new SQLFeatureNotSupportedException();
            }
            if (method.getName().equals("clearWarnings")) {
                return null;
            }
            Object result = call(method, connection, args);
            if (method.getName().equals("isValid") && Thread.currentThread() == check && result.equals(false)) {
                dead.add(number);
            }
            return result;
        });
    }

    private static Object call(Method method, Object target, Object[] args) throws Throwable {
        try {
            return method.invoke(target, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, Handler handler) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> handler.call(method, args)));
    }

    private interface Handler {
        Object call(Method method, Object[] args) throws Throwable;
    }
}
