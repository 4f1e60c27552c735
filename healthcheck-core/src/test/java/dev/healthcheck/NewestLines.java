package dev.healthcheck;

import static dev.healthcheck.testkit.CapturedLog.value;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * What somebody knows who reads the lines at INFO and above that are written on one thread: the newest state of each
 * check, and every {@code ref}. Judges whether that is true (L18, L19). For one thread.
 */
final class NewestLines {
    private static final long MAY_BE_WRONG_FOR = Duration.ofSeconds(10).toNanos();
    private static final ThreadLocal<NewestLines> READER = new ThreadLocal<>();
    private static final Logger LOG = (Logger) LoggerFactory.getLogger("dev.healthcheck");
    private static final Appender APPENDER = new Appender();

    private final Map<String, State> newest = new HashMap<>();
    private final Map<String, State> told = new HashMap<>();
    private final Map<String, Long> toldAt = new HashMap<>();
    private final Set<String> refs = new HashSet<>();
    private final Set<String> shown = new HashSet<>();

    private record State(Status status, @Nullable String reason) {}

    NewestLines() {
        READER.set(this);
    }

    /** From now on each thread's lines go to its newest reader, and nowhere else. */
    static void read() {
        APPENDER.setContext(LOG.getLoggerContext());
        APPENDER.start();
        LOG.setLevel(Level.INFO);
        LOG.setAdditive(false);
        LOG.addAppender(APPENDER);
    }

    static void stopReading() {
        LOG.detachAppender(APPENDER);
        LOG.setAdditive(true);
        LOG.setLevel(null);
    }

    void told(StatusChange change, long now) {
        told.put(change.check(), new State(change.to(), change.reason()));
        toldAt.put(change.check(), now);
    }

    void unregistered(String check) {
        told.remove(check);
        newest.remove(check);
    }

    void shown(CheckReport report) {
        if (report.ref() != null) {
            shown.add(report.ref());
        }
    }

    /** All lines are written that there are to write {@code now}. */
    void compare(long now) {
        State well = new State(Status.UP, null);
        told.forEach((check, state) -> {
            State line = newest.getOrDefault(check, well);
            if (!line.equals(state) && now - toldAt.get(check) >= MAY_BE_WRONG_FOR) {
                assertThat(line).as("the newest line of %s", check).isEqualTo(state);
            }
        });
        if (!refs.containsAll(shown)) {
            assertThat(refs).as("refs in the log").containsAll(shown);
        }
    }

    private void add(ILoggingEvent line) {
        if (value(line, "health.ref") instanceof String ref) {
            refs.add(ref);
        }
        if (value(line, "health.check") instanceof String check
                && value(line, "health.status") instanceof Status status) {
            newest.put(check, new State(status, (String) value(line, "health.reason")));
        }
    }

    private static final class Appender extends UnsynchronizedAppenderBase<ILoggingEvent> {
        @Override
        protected void append(ILoggingEvent line) {
            NewestLines reader = READER.get();
            if (reader != null) {
                reader.add(line);
            }
        }
    }
}
