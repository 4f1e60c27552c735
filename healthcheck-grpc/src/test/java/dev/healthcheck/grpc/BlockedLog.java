package dev.healthcheck.grpc;

import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import com.google.common.util.concurrent.Uninterruptibles;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.LoggerFactory;

/** Whatever the library logs waits until this is closed. */
final class BlockedLog extends UnsynchronizedAppenderBase<ILoggingEvent> implements AutoCloseable {
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.healthcheck");
    private final Level before = logger.getLevel();
    private final AtomicInteger waiting = new AtomicInteger();
    private final CountDownLatch released = new CountDownLatch(1);

    BlockedLog() {
        setContext(logger.getLoggerContext());
        start();
        logger.setLevel(Level.DEBUG);
        logger.setAdditive(false);
        logger.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent line) {
        waiting.incrementAndGet();
        Uninterruptibles.awaitUninterruptibly(released);
        waiting.decrementAndGet();
    }

    /** Waits until so many threads wait for the log. */
    void awaitBlocked(int threads) {
        await().until(() -> waiting.get() >= threads);
    }

    @Override
    public void close() {
        released.countDown();
        await().until(() -> waiting.get() == 0);
        logger.detachAppender(this);
        logger.setLevel(before);
        logger.setAdditive(true);
    }
}
