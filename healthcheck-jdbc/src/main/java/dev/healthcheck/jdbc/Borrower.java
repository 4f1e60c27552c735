package dev.healthcheck.jdbc;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.healthcheck.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Borrows on a thread that may be left behind, one connection at a time.
 *
 * <p>JDBC has no limit for one borrow, and a pool that is told to wait no longer than so long may do so all the same:
 * HikariCP tests an idle connection before it hands it out, on the borrowing thread, for up to its validation timeout of
 * 5 s. Nothing but a second thread ends in time then. A borrow that was given up keeps the turn until it has ended, so
 * there is never a second one, nor a second thread; the connection that it may still get goes straight back.
 */
final class Borrower {
    private final Semaphore turn = new Semaphore(1);
    /** What came of the last borrow that was given up, for whoever next gets no answer; null if it was a connection. */
    private volatile @Nullable Throwable lateFailure;

    Connection borrow(Source source, Deadline deadline) throws SQLException, TimeoutException, InterruptedException {
        if (!turn.tryAcquire(deadline.remaining().toNanos(), NANOSECONDS)) {
            throw noAnswer();
        }
        CompletableFuture<Connection> loan = new CompletableFuture<>();
        start(() -> lend(source, loan));
        return await(loan, deadline);
    }

    private void start(Runnable borrow) {
        boolean started = false;
        try {
            Thread thread = new Thread(null, borrow, Thread.currentThread().getName() + "-borrow", 0, false);
            thread.setDaemon(true);
            thread.start();
            started = true;
        } finally {
            if (!started) {
                turn.release();
            }
        }
    }

    private void lend(Source source, CompletableFuture<Connection> loan) {
        try {
            Connection connection = source.borrow();
            lateFailure = null;
            if (!loan.complete(connection)) {
                connection.close();
            }
        } catch (Throwable t) { // an Error, too, is for the one who waits
            if (!loan.completeExceptionally(t)) {
                lateFailure = t;
            }
        } finally {
            turn.release();
        }
    }

    private Connection await(CompletableFuture<Connection> loan, Deadline deadline)
            throws SQLException, TimeoutException, InterruptedException {
        try {
            return loan.get(deadline.remaining().toNanos(), NANOSECONDS);
        } catch (ExecutionException e) {
            throw unwrapped(e);
        } catch (TimeoutException e) {
            if (loan.cancel(false)) {
                throw noAnswer();
            }
            return arrived(loan);
        } catch (InterruptedException e) {
            if (!loan.cancel(false)) {
                arrived(loan).close();
            }
            throw e;
        }
    }

    private TimeoutException noAnswer() {
        TimeoutException noAnswer = new TimeoutException("no connection has come in time");
        noAnswer.initCause(lateFailure);
        return noAnswer;
    }

    /** Of a loan that was complete before it could be given up. */
    private static Connection arrived(CompletableFuture<Connection> loan) throws SQLException {
        try {
            return loan.join();
        } catch (CompletionException e) {
            throw unwrapped(e);
        }
    }

    private static SQLException unwrapped(Exception e) {
        Throwable cause = e.getCause();
        if (cause instanceof SQLException failure) {
            return failure;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        throw cause instanceof RuntimeException failure ? failure : new IllegalStateException(cause);
    }

    /** What may take longer than it should. */
    @FunctionalInterface
    interface Source {
        Connection borrow() throws SQLException;
    }
}
