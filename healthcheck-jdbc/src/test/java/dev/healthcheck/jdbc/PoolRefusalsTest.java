package dev.healthcheck.jdbc;

import static dev.healthcheck.jdbc.Asked.ample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each pool makes of a refusal, and of a wait of its own that was in vain. */
@ExtendWith(OneMariaDb.class)
@Timeout(60)
class PoolRefusalsTest {
    /** HikariCP tells why it has no connection only after it. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final MariaDbServer server = OneMariaDb.server();

    @BeforeEach
    void createAccounts() throws SQLException {
        server.administer(
                "CREATE OR REPLACE USER locked IDENTIFIED BY 'p' ACCOUNT LOCK",
                "CREATE OR REPLACE USER stranger IDENTIFIED BY 'p'");
    }

    /** c3p0 tries again behind the borrower's back, for half a minute, and does not say why. */
    @ParameterizedTest
    @EnumSource(
            names = {"C3P0", "C3P0_TESTS"},
            mode = EnumSource.Mode.EXCLUDE)
    void a_refused_account_is_auth_through_every_pool_that_says_why(PoolKind kind) throws Exception {
        for (String user : new String[] {"locked", "stranger"}) {
            use(kind, settings(user, "p"), pool -> patiently()
                    .until(() -> "auth".equals(ask(pool).reason())));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"C3P0", "C3P0_TESTS"})
    void a_refused_account_is_a_timeout_through_a_pool_that_does_not_say_why(PoolKind kind) throws Exception {
        use(kind, settings("locked", "p"), pool -> assertThat(ask(pool).reason())
                .isEqualTo("timeout"));
    }

    @ParameterizedTest
    @EnumSource(
            names = {"HIKARI", "HIKARI_OLDEST", "PLAIN"},
            mode = EnumSource.Mode.EXCLUDE)
    void a_pool_that_has_waited_in_vain_does_not_accuse_the_database(PoolKind kind) throws Exception {
        use(kind, settings(server.user(), server.password()), pool -> {
            try (Connection only = patiently().ignoreExceptions().until(pool::getConnection, Objects::nonNull)) {
                assertThat(only.isValid(0)).isTrue();

                assertThat(ask(pool).reason()).isEqualTo("timeout");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** A busy machine may take longer to connect than a pool waits. */
    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(30));
    }

    private static CheckResult ask(DataSource pool) {
        return JdbcHealthCheck.of(pool).check(ample());
    }

    private PoolKind.Settings settings(String user, String password) {
        return PoolKind.Settings.of(Route.MARIADB, server.port(), user, password)
                .patient(PATIENCE);
    }

    private static void use(PoolKind kind, PoolKind.Settings settings, Consumer<DataSource> test) throws Exception {
        DataSource pool = kind.open(settings);
        try {
            test.accept(pool);
        } finally {
            PoolKind.close(pool);
        }
    }
}
