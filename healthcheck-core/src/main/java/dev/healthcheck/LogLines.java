package dev.healthcheck;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/** How a line reaches SLF4J: with key-value pairs, but for 1.7, to which Spring Boot 2 holds on; there the text has to do. */
@FunctionalInterface
interface LogLines {
    void write(Level level, Map<String, ?> pairs, @Nullable Throwable cause, String format, Object... arguments);

    static LogLines of(Logger log) {
        try {
            var unused = log.isEnabledForLevel(Level.WARN); // as old as the builders are
            return new WithPairs(log);
        } catch (NoSuchMethodError e) {
            return (level, pairs, cause, format, arguments) -> plain(log, level, format, withCause(arguments, cause));
        }
    }

    /** Where SLF4J looks for one. */
    private static Object[] withCause(Object[] arguments, @Nullable Throwable cause) {
        if (cause == null) {
            return arguments;
        }
        Object[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = cause;
        return all;
    }

    private static void plain(Logger log, Level level, String format, Object[] arguments) {
        if (level == Level.WARN) {
            log.warn(format, arguments);
        } else if (level == Level.INFO) {
            log.info(format, arguments);
        } else {
            log.debug(format, arguments);
        }
    }

    /** A class of its own, which is not loaded where a builder is unknown. */
    record WithPairs(Logger log) implements LogLines {
        @Override
        public void write(
                Level level, Map<String, ?> pairs, @Nullable Throwable cause, String format, Object... arguments) {
            LoggingEventBuilder line = log.atLevel(level).setCause(cause);
            for (Map.Entry<String, ?> pair : pairs.entrySet()) {
                line = line.addKeyValue(pair.getKey(), pair.getValue());
            }
            line.log(format, arguments);
        }
    }
}
