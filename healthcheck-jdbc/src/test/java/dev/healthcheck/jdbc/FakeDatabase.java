package dev.healthcheck.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A data source whose connections write down what is asked of them, and answer as told. */
final class FakeDatabase {
    /** Every call of a connection, with its plain arguments: {@code isValid(1)}. */
    final List<String> calls = new CopyOnWriteArrayList<>();

    final AtomicInteger borrows = new AtomicInteger();
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger mostOpen = new AtomicInteger();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>(Map.of(
            "isValid", args -> true,
            "getAutoCommit", args -> true,
            "isReadOnly", args -> false,
            "getNetworkTimeout", args -> 0,
            "getTransactionIsolation", args -> Connection.TRANSACTION_READ_COMMITTED,
            "getLoginTimeout", args -> 0,
            "isClosed", args -> false,
            "hashCode", args -> 1,
            "statement.execute", args -> false));

    FakeDatabase() {
        product("Fake");
        on("statement.getQueryTimeout", args -> 0);
        on("createStatement", args -> proxy(Statement.class, this::statement));
    }

    FakeDatabase on(String method, Answer answer) {
        answers.put(method, answer);
        return this;
    }

    FakeDatabase product(String name) {
        return on("getMetaData", args -> proxy(DatabaseMetaData.class, (method, none) -> name));
    }

    DataSource dataSource() {
        return proxy(DataSource.class, (method, args) -> switch (method) {
            case "getConnection" -> {
                answer("borrow", args);
                borrows.incrementAndGet();
                yield connection();
            }
            case "isWrapperFor" -> answer(method, args) != null;
            default -> answer(method, args);
        });
    }

    private Connection connection() {
        mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
        AtomicBoolean closed = new AtomicBoolean();
        return proxy(Connection.class, (method, args) -> {
            calls.add(method.equals("abort") ? "abort" : call(method, args));
            if (method.equals("close") && closed.compareAndSet(false, true)) { // to close again is allowed
                open.decrementAndGet();
            }
            return answer(method, args);
        });
    }

    private Object statement(String method, Object[] args) throws Throwable {
        calls.add("statement." + call(method, args));
        return answer("statement." + method, args);
    }

    private static String call(String method, Object[] args) {
        return method + "(" + (args == null || args.length == 0 ? "" : args[args.length - 1]) + ")";
    }

    private Object answer(String method, Object[] args) throws Throwable {
        Answer answer = answers.get(method);
        return answer == null ? null : answer.to(args);
    }

    static Answer failing(Throwable failure) {
        return args -> {
            throw failure;
        };
    }

    /** The same data source, counting how many of its connections are open. */
    DataSource counting(DataSource real) {
        return proxy(DataSource.class, (method, args) -> {
            if (method.equals("isWrapperFor")) {
                return false;
            }
            borrows.incrementAndGet();
            Connection connection = real.getConnection();
            mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
            calls.add("borrow");
            return Proxy.newProxyInstance(
                    Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, m, a) -> {
                        if (m.getName().equals("close")) {
                            open.decrementAndGet();
                        }
                        try {
                            return m.invoke(connection, a);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        });
    }

    private static <T> T proxy(Class<T> type, Handler handler) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, args) -> handler.answer(method.getName(), args)));
    }

    interface Answer {
        Object to(Object[] args) throws Throwable;
    }

    private interface Handler {
        Object answer(String method, Object[] args) throws Throwable;
    }

    static SQLException sql(String state) {
        return new SQLException("jdbc:secret://host?password=hunter2", state);
    }
}
