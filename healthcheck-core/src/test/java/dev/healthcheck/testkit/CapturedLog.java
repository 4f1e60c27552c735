package dev.healthcheck.testkit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

/** All that the registry logs, DEBUG included, until closed. */
public final class CapturedLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.healthcheck");
    private final Level before = logger.getLevel();
    public final List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();

    public CapturedLog() {
        setContext(logger.getLoggerContext());
        start();
        logger.setLevel(Level.DEBUG);
        logger.setAdditive(false);
        logger.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent line) {
        line.prepareForDeferredProcessing(); // its MDC is that of this thread, now
        lines.add(line);
    }

    public List<String> messages() {
        return lines.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    /** The lines of that level, less what is said of each run. */
    public List<ILoggingEvent> lines(Level level) {
        return lines.stream()
                .filter(line -> line.getLevel() == level && !line.getMessage().startsWith("ran: "))
                .toList();
    }

    public static Object value(ILoggingEvent line, String key) {
        List<KeyValuePair> pairs = line.getKeyValuePairs();
        return pairs == null
                ? null
                : pairs.stream()
                        .filter(pair -> pair.key.equals(key))
                        .map(pair -> pair.value)
                        .findFirst()
                        .orElse(null);
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        logger.setLevel(before);
        logger.setAdditive(true);
        stop();
    }
}
