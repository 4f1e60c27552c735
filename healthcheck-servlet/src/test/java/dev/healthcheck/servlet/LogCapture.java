package dev.healthcheck.servlet;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.slf4j.LoggerFactory;

/** Captures what anybody logs at INFO and above while this is open, through SLF4J and through the JDK. */
final class LogCapture implements AutoCloseable {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final ch.qos.logback.classic.Logger root =
            (ch.qos.logback.classic.Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Slf4j slf4j = new Slf4j();
    private final Jdk jdk = new Jdk();

    LogCapture() {
        slf4j.setContext(root.getLoggerContext());
        slf4j.start();
        root.addAppender(slf4j);
        Logger.getLogger("").addHandler(jdk);
    }

    List<String> lines() {
        return lines;
    }

    @Override
    public void close() {
        root.detachAppender(slf4j);
        Logger.getLogger("").removeHandler(jdk);
    }

    private final class Slf4j extends AppenderBase<ILoggingEvent> {
        @Override
        protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(Level.INFO)) {
                lines.add(event.getLevel() + " " + event.getFormattedMessage());
            }
        }
    }

    private final class Jdk extends Handler {
        @Override
        public void publish(LogRecord event) {
            if (event.getLevel().intValue() >= java.util.logging.Level.INFO.intValue()) {
                lines.add(event.getLevel() + " " + event.getMessage() + " " + event.getThrown());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
