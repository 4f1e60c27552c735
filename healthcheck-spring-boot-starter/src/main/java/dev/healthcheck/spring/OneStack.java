package dev.healthcheck.spring;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggerConfiguration;
import org.springframework.boot.logging.LoggingSystem;

/**
 * Keeps Spring's indicators from logging the same stack at each run. Thread-safe.
 *
 * <p>Their base classes log each exception at WARN, by the logger of the indicator's class. That line is the only one that
 * has the stack. So the first one of an outage is written; then the logger is at ERROR until every indicator of that class
 * has recovered. A second indicator of the class that begins to fail meanwhile loses its first stack, so the logger
 * writes again until that indicator has failed once more. A logger whose level the application has configured stays as it
 * is.
 */
final class OneStack implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OneStack.class);

    private final @Nullable LoggingSystem logging;
    /** The checks that fail, by the name of the logger of their indicator, and whether the stack of each is written. */
    private final Map<String, Map<Object, Boolean>> failing = new HashMap<>();
    /** The loggers that are at ERROR because of this. */
    private final Set<String> quiet = new HashSet<>();
    /** The checks that are over. A run of such a check may still end. */
    private final Set<Object> forgotten = Collections.newSetFromMap(new WeakHashMap<>());

    private boolean isClosed;

    OneStack(@Nullable LoggingSystem logging) {
        this.logging = logging;
    }

    /** Notes that a run of {@code check} has failed, and that its indicator has logged the exception if it could. */
    synchronized void failed(Object check, Object indicator) {
        if (logging == null || isClosed || forgotten.contains(check)) {
            return;
        }
        String logger = AopProxyUtils.ultimateTargetClass(indicator).getName();
        boolean isWritten = !quiet.contains(logger);
        failing.computeIfAbsent(logger, key -> new HashMap<>()).merge(check, isWritten, Boolean::logicalOr);
        adjust(logging, logger);
    }

    /** Notes that {@code check} is well. */
    synchronized void recovered(Object check) {
        if (logging != null) {
            for (Map.Entry<String, Map<Object, Boolean>> ofLogger : failing.entrySet()) {
                if (ofLogger.getValue().remove(check) != null) {
                    adjust(logging, ofLogger.getKey());
                }
            }
            failing.values().removeIf(Map::isEmpty);
        }
    }

    /** Notes that {@code check} is over: a run of it that ends later silences nothing. */
    synchronized void forget(Object check) {
        forgotten.add(check);
        recovered(check);
    }

    /** Gives all loggers their levels back. Runs that end later silence nothing. */
    @Override
    public synchronized void close() {
        isClosed = true;
        failing.clear();
        if (logging != null) {
            for (String logger : Set.copyOf(quiet)) {
                adjust(logging, logger);
            }
        }
    }

    /** Silences a logger if each of its failing checks has its stack; else lets it write. No verdict may fail by that. */
    private void adjust(LoggingSystem system, String logger) {
        Map<Object, Boolean> checks = failing.getOrDefault(logger, Map.of());
        boolean silence = !checks.isEmpty() && !checks.containsValue(false);
        try {
            if (silence) {
                silence(system, logger);
            } else {
                release(system, logger);
            }
        } catch (RuntimeException e) {
            LOG.debug("The level of the logger {} stays as it is", logger, e);
        }
    }

    private void silence(LoggingSystem system, String logger) {
        if (!quiet.contains(logger) && configured(system, logger) == null) {
            system.setLogLevel(logger, LogLevel.ERROR);
            quiet.add(logger);
        }
    }

    private void release(LoggingSystem system, String logger) {
        if (quiet.remove(logger) && configured(system, logger) == LogLevel.ERROR) {
            system.setLogLevel(logger, null);
        }
    }

    private static @Nullable LogLevel configured(LoggingSystem system, String logger) {
        LoggerConfiguration known = system.getLoggerConfiguration(logger);
        return known == null ? null : known.getConfiguredLevel();
    }
}
