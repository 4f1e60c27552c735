package dev.healthcheck;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/** Writes a line to SLF4J: with key-value pairs, except on SLF4J 1.7 (Spring Boot 2), which has none. */
final class Slf4jWriter {
    private final Logger log;
    private final boolean pairsAreKnown;

    Slf4jWriter(Logger log) {
        this.log = log;
        pairsAreKnown = knowsPairs(log);
    }

    void write(Level level, Map<String, ?> pairs, @Nullable Throwable cause, String text) {
        if (pairsAreKnown) {
            withPairs(log.atLevel(level).setCause(cause), pairs, text);
        } else if (level == Level.WARN) {
            log.warn(text, cause);
        } else if (level == Level.INFO) {
            log.info(text, cause);
        } else {
            log.debug(text, cause);
        }
    }

    private static boolean knowsPairs(Logger log) {
        try {
            var unused = log.isEnabledForLevel(Level.WARN); // as old as the pairs are
            return true;
        } catch (NoSuchMethodError e) {
            return false;
        }
    }

    /** Writes a line with pairs. A method of its own, as SLF4J 1.7 lacks the classes that it needs. */
    private static void withPairs(LoggingEventBuilder line, Map<String, ?> pairs, String text) {
        LoggingEventBuilder whole = line;
        for (Map.Entry<String, ?> pair : pairs.entrySet()) {
            whole = whole.addKeyValue(pair.getKey(), pair.getValue());
        }
        whole.log(text);
    }
}
