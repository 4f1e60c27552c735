package dev.healthcheck.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** One connection that is lent again and again, by nobody who would put anything back, and what can be seen of it. */
final class Sessions {
    private Sessions() {}

    /** Does nothing when it is closed. */
    static DataSource lending(Connection session) {
        Connection lent = proxy(
                Connection.class,
                (method, args) -> method.getName().equals("close") ? null : method.invoke(session, args));
        return proxy(
                DataSource.class, (method, args) -> method.getName().equals("getConnection") ? lent : (Object) false);
    }

    /** The settings that a check may not change. The query timeout is that of a new statement: some drivers keep it. */
    static String stateOf(Connection session) throws SQLException {
        String state = "autocommit " + session.getAutoCommit() + ", isolation " + session.getTransactionIsolation()
                + ", read-only " + session.isReadOnly() + ", network timeout " + session.getNetworkTimeout()
                + ", catalog " + session.getCatalog() + ", schema " + session.getSchema();
        try (Statement statement = session.createStatement()) {
            state += ", query timeout " + statement.getQueryTimeout() + ", rows " + statement.getMaxRows();
        }
        if (!session.getAutoCommit()) {
            session.rollback();
        }
        return state;
    }

    private static <T> T proxy(Class<T> type, Handler handler) {
        return type.cast(
                Proxy.newProxyInstance(Sessions.class.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> {
                    try {
                        return handler.call(method, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private interface Handler {
        Object call(Method method, Object[] args) throws Throwable;
    }
}
