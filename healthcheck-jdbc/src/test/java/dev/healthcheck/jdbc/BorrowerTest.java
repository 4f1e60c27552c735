package dev.healthcheck.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class BorrowerTest {
    private final FakeDatabase database = new FakeDatabase();
    private final Borrower borrower = new Borrower();

    @Test
    void a_failure_is_the_sources_own() {
        SQLException refused = new SQLException("refused");
        StackOverflowError bug = new StackOverflowError();

        assertThatThrownBy(() -> borrower.borrow(
                        () -> {
                            throw refused;
                        },
                        in(5000)))
                .isSameAs(refused);
        assertThatThrownBy(() -> borrower.borrow(
                        () -> {
                            throw bug;
                        },
                        in(5000)))
                .isSameAs(bug);
    }

    @Test
    void a_connection_that_comes_too_late_goes_back_and_frees_the_turn() throws Exception {
        CountDownLatch released = new CountDownLatch(1);

        assertThatThrownBy(() -> borrower.borrow(() -> connectionAfter(released), in(20)))
                .isInstanceOf(TimeoutException.class);
        assertThatThrownBy(() -> borrower.borrow(this::connection, in(20))).isInstanceOf(TimeoutException.class);
        assertThat(database.mostOpen).hasValue(0);
        released.countDown();

        borrower.borrow(this::connection, in(5000)).close();
        await().untilAsserted(() -> assertThat(database.open).hasValue(0));
        assertThat(database.mostOpen).hasValue(1);
    }

    @Test
    void what_a_borrow_said_too_late_is_told_to_the_next_that_gets_no_answer() throws Exception {
        SQLException late = new SQLException("late");
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        assertThatThrownBy(() -> borrower.borrow(
                        () -> {
                            connectionAfter(released).close();
                            throw late;
                        },
                        in(20)))
                .isInstanceOf(TimeoutException.class)
                .hasNoCause();
        released.countDown();

        assertThatThrownBy(() -> borrower.borrow(() -> connectionAfter(never), in(200)))
                .isInstanceOf(TimeoutException.class)
                .hasCause(late);
        never.countDown();
    }

    @Test
    void an_interrupted_wait_leaves_nothing_behind() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> borrower.borrow(() -> connectionAfter(released), in(5000)))
                .isInstanceOf(InterruptedException.class);

        released.countDown();

        borrower.borrow(this::connection, in(5000)).close();
        await().untilAsserted(() -> assertThat(database.open).hasValue(0));
    }

    @RepeatedTest(20)
    void a_connection_that_comes_at_the_last_moment_is_used_or_goes_back() throws Exception {
        for (int i = 0; i < 20; i++) {
            long micros = ThreadLocalRandom.current().nextLong(2000);
            try {
                borrower.borrow(
                                () -> {
                                    LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(micros));
                                    return connection();
                                },
                                Deadline.after(Duration.ofNanos(TimeUnit.MICROSECONDS.toNanos(1000))))
                        .close();
            } catch (TimeoutException e) {
                assertThat(e).isNotNull();
            }
        }
        borrower.borrow(this::connection, in(5000)).close();
        await().untilAsserted(() -> assertThat(database.open).hasValue(0));
    }

    @Test
    void its_thread_ends_with_the_borrow() throws Exception {
        borrower.borrow(this::connection, in(5000)).close();

        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().endsWith("-borrow")));
    }

    private Connection connectionAfter(CountDownLatch released) throws SQLException {
        try {
            released.await();
        } catch (InterruptedException e) {
            throw new SQLException(e);
        }
        return connection();
    }

    private Connection connection() throws SQLException {
        return database.dataSource().getConnection();
    }

    private static Deadline in(long millis) {
        return Deadline.after(Duration.ofMillis(millis));
    }
}
