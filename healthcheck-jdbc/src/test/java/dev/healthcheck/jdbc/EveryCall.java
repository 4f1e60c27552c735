package dev.healthcheck.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.healthcheck.Deadline;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** Every JDBC call of a run, failing in every way in which a driver or a pool may fail. */
final class EveryCall {
    private static final List<Function<String, Throwable>> WAYS = List.of(
            SQLException::new,
            message -> new SQLException(message, "08006"),
            IllegalStateException::new,
            AbstractMethodError::new,
            NoClassDefFoundError::new,
            OutOfMemoryError::new,
            StackOverflowError::new);

    private EveryCall() {}

    /** Makes each call of a sound run fail once in each way, and each time compares what was lent with what came back. */
    static void failsWithoutALeak(Observed source, JdbcHealthCheck check) {
        source.failNever();
        assertThat(check.check(Deadline.after(Duration.ofSeconds(60))).status()).isNotNull();
        List<String> sound = List.copyOf(source.calls);
        assertThat(sound).contains("DataSource.getConnection", "Connection.close");
        for (int call = 0; call < sound.size(); call++) {
            for (Function<String, Throwable> way : WAYS) {
                Throwable failure = way.apply("injected");
                source.fail(call, failure);

                Throwable thrown = catchThrowable(() -> check.check(Deadline.after(Duration.ofSeconds(60))));

                String what = failure + " from " + sound.get(call) + ", call " + call;
                if (thrown != null) {
                    assertThat(thrown).as(what).isSameAs(failure);
                }
                assertThat(source.closed).as(what).hasValue(source.opened.get());
                assertThat(source.calls).as(what).noneMatch(each -> each.endsWith(".abort"));
            }
        }
        assertThat(source.opened).hasValueGreaterThan(WAYS.size() * 5);
    }
}
