package dev.healthcheck.spring;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggerConfiguration;
import org.springframework.boot.logging.LoggingSystem;

/**
 * Keeps Spring's indicators from logging the same stack at each run. Thread-safe.
 *
 * <p>Their base classes log each exception at WARN, by the logger of the indicator's class. That line is the only one that
 * has the stack. So the first one of an outage is written; then the logger is at ERROR until every indicator of that class
 * has recovered. A logger whose level the application has configured stays as it is.
 */
final class OneStack {
    private final @Nullable LoggingSystem logging;
    /** The checks that fail, by the name of the logger of their indicator. */
    private final Map<String, Set<Object>> failing = new HashMap<>();
    /** The loggers that are at ERROR because of this. */
    private final Set<String> quiet = new HashSet<>();

    OneStack(@Nullable LoggingSystem logging) {
        this.logging = logging;
    }

    /** Notes that a run of {@code check} has failed, and that its indicator has logged the exception. */
    void failed(Object check, Object indicator) {
        String logger = loggerOf(indicator);
        synchronized (failing) {
            if (!failing.computeIfAbsent(logger, key -> new HashSet<>()).add(check)) {
                return;
            }
        }
        adjust(logger);
    }

    /** Notes that {@code check} is well, or gone. */
    void ended(Object check) {
        for (String logger : remove(check)) {
            adjust(logger);
        }
    }

    private Set<String> remove(Object check) {
        Set<String> changed = new HashSet<>();
        synchronized (failing) {
            failing.forEach((logger, checks) -> {
                if (checks.remove(check) && checks.isEmpty()) {
                    changed.add(logger);
                }
            });
            failing.keySet().removeAll(changed);
        }
        return changed;
    }

    private static String loggerOf(Object indicator) {
        return AopProxyUtils.ultimateTargetClass(indicator).getName();
    }

    /** Sets the level until it is what it should be: another thread may have changed that meanwhile. */
    private void adjust(String logger) {
        boolean silence;
        do {
            silence = isFailing(logger);
            set(logger, silence);
        } while (silence != isFailing(logger));
    }

    private boolean isFailing(String logger) {
        synchronized (failing) {
            return failing.containsKey(logger);
        }
    }

    private void set(String logger, boolean silence) {
        if (logging == null) {
            return;
        }
        if (silence && configured(logging, logger) == null) {
            logging.setLogLevel(logger, LogLevel.ERROR);
            mark(logger, true);
        } else if (!silence && mark(logger, false) && configured(logging, logger) == LogLevel.ERROR) {
            logging.setLogLevel(logger, null);
        }
    }

    /** Notes whether this has set the level of a logger; returns whether that is new. */
    private boolean mark(String logger, boolean isQuiet) {
        synchronized (failing) {
            return isQuiet ? quiet.add(logger) : quiet.remove(logger);
        }
    }

    private static @Nullable LogLevel configured(LoggingSystem logging, String logger) {
        LoggerConfiguration known = logging.getLoggerConfiguration(logger);
        return known == null || known.getConfiguredLevel() == null ? null : known.getConfiguredLevel();
    }
}
