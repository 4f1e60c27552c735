package dev.healthcheck.jdbc;

import dev.healthcheck.jdbc.PoolSubjects.Plan;
import java.io.IOException;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No pool is worse off with a check than without. What was measured is in the tables below {@code target/pools}. */
@Tag("faults")
@Timeout(240)
class PoolFaultsTest {
    private static final List<PoolKind> POOLS =
            PoolKind.ALL.stream().filter(PoolKind::isPool).toList();
    private static final List<Duration> OFTEN = List.of(Duration.ofMillis(200));
    private static final Set<String> TIMEOUT = Set.of("timeout");
    private static final Set<String> EXHAUSTED = Set.of("pool-exhausted");

    private static PoolServers servers;

    @BeforeAll
    static void startServers() throws Exception {
        servers = new PoolServers();
    }

    @AfterAll
    static void closeServers() throws IOException {
        servers.close();
    }

    @ParameterizedTest
    @CsvSource({"1000, 50", "2500, 200", "6000, 200"})
    void a_server_that_freezes_costs_no_pool_a_connection(long millis, long interval) throws Exception {
        frozen(Duration.ofMillis(millis), List.of(Duration.ofMillis(interval)));
    }

    @Test
    void a_server_that_freezes_for_20_seconds_costs_no_pool_a_connection() throws Exception {
        frozen(Duration.ofSeconds(20), List.of(Duration.ofMillis(200), Duration.ofSeconds(1)));
    }

    private static void frozen(Duration duration, List<Duration> intervals) throws Exception {
        PoolTrial.freeze(
                        "Freeze of " + duration.toMillis() + " ms", servers, Plan.of(PoolKind.ALL, intervals), duration)
                .check();
    }

    @Test
    void connections_that_the_server_ends_are_replaced_as_well_as_without_a_check() throws Exception {
        PoolTrial.terminate("Connections terminated", servers, plan(PoolKind.ALL))
                .check();
    }

    @Test
    void a_server_that_is_restarted_is_found_again_as_well_as_without_a_check() throws Exception {
        PoolTrial.table("Restart, 3 s down", servers, plan(PoolKind.ALL), trial -> {
                    trial.server().stop();
                    trial.hold(Duration.ofSeconds(3));
                    trial.server().start();
                })
                .check();
    }

    /** HikariCP throws connections away after a timeout of any query, but newer ones do not. */
    @Test
    void a_query_that_waits_for_a_lock_costs_no_connection_and_waits_once() throws Exception {
        PoolTrial.table(
                        "Query waits for a lock for 8 s",
                        servers,
                        plan(PoolKind.ALL).thatLock(),
                        trial -> {
                            try (Connection holder = trial.server().lockRows()) {
                                trial.holdAndWatchQueries(Duration.ofSeconds(8));
                                holder.rollback();
                            }
                        })
                .rule(PoolRules.keepsConnections(kind -> kind == PoolKind.HIKARI_OLDEST ? 1 : 0))
                .rule(PoolRules.says(TIMEOUT, TIMEOUT))
                .rule(PoolRules::answersAtOnceWhileOverdue)
                .rule(PoolRules::asksOneQueryAtATime)
                .check();
    }

    @Test
    void a_pool_that_the_application_uses_up_is_not_harmed_and_HikariCP_says_exhausted() throws Exception {
        PoolTrial.table("Pool exhausted for 40 s", servers, plan(POOLS), trial -> {
                    List<Connection> all = new ArrayList<>();
                    trial.subjects()
                            .together(trial.subjects().all, PoolSubject::takeAll)
                            .forEach(all::addAll);
                    trial.hold(Duration.ofSeconds(40));
                    trial.subjects().together(all, connection -> {
                        connection.close();
                        return null;
                    });
                })
                .rule(PoolRules.keepsConnections(kind -> 0))
                .rule(PoolRules.says(EXHAUSTED, TIMEOUT))
                .rule(PoolRules::saysThatItIsExhausted)
                .check();
    }

    @Test
    void a_connection_that_becomes_free_late_is_no_outage_and_not_lost() throws Exception {
        new PoolTable<>("Only connection free late", servers.each(server -> LateConnections.of(server, POOLS)))
                .column("shown", (ours, control) -> ours.shown())
                .column("backends", (ours, control) -> ours.backends() + " / " + control.backends())
                .column("errors", (ours, control) -> ours.errors() + " / " + control.errors())
                .rule((ours, control) -> ours.isUnreachable() ? "said to be unreachable" : null)
                .rule((ours, control) -> ours.kind().isHikari() && ours.isDown() ? "an overload is no outage" : null)
                .rule((ours, control) -> ours.backends() > control.backends() ? "lost a connection" : null)
                .rule((ours, control) -> ours.errors() > control.errors() ? "harmed the application" : null)
                .check();
    }

    /** The control tries as often as one borrower makes the pool try. */
    @Test
    void a_wrong_password_is_tried_rarely() throws Exception {
        Duration time = Duration.ofSeconds(60);
        new PoolTable<>(
                        "Wrong password for 60 s",
                        servers.each(server -> RefusedLogins.of(server, PoolKind.ALL, OFTEN.get(0), time)))
                .column("refused logins", (ours, control) -> ours.logins() + " / " + control.logins())
                .column(
                        "shown",
                        (ours, control) -> Answer.changes(
                                ours.answers(), ours.answers().get(0).at()))
                .rule((ours, control) -> ours.kind().isHikari() && ours.logins() > 30 ? "too many" : null)
                .rule((ours, control) -> ours.logins() > 5 * control.logins() ? "more than four borrow" : null)
                .check();
    }

    private static Plan plan(List<PoolKind> kinds) {
        return Plan.of(kinds, OFTEN);
    }
}
