package dev.healthcheck.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.http.Attackers.Attack;
import dev.healthcheck.http.Kubelets.Results;
import dev.healthcheck.testkit.LiveThreads;
import dev.healthcheck.testkit.Patience;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that are slow, silent or many do not silence a port of its own. */
@Timeout(300) // seconds: for a machine that is busy with other things
class AttackTest {
    private static final Duration PATIENCE = Patience.patiently(Duration.ofSeconds(1));
    private static final Duration MEMORY_BACK_WITHIN = Duration.ofSeconds(10);
    private static final long MEMORY = 8_000_000;

    private final LiveThreads threads = new LiveThreads();
    private final HealthCheckRegistry registry = HealthCheckRegistry.create();
    private HealthServer server;

    @BeforeEach
    void start() {
        for (int i = 0; i < 10; i++) {
            registry.register("check-" + i, CheckResult::up, o -> o.every(Duration.ofSeconds(5)));
        }
        server = HealthServer.start(registry, 0);
    }

    @AfterEach
    void close() {
        server.close();
        assertThat(serverThreads()).isZero();
        registry.close();
    }

    @ParameterizedTest
    @EnumSource
    void probes_are_answered_during_an_attack(Attack attack) throws Exception {
        assertSurvives(attack, 8, 2, Duration.ofMillis(20));
    }

    @ParameterizedTest
    @EnumSource
    @Tag("slow")
    void probes_of_some_seconds_are_answered_and_nothing_is_left(Attack attack) throws Exception {
        assertSurvives(attack, 35, 8, Duration.ofMillis(100));
        long before = usedMemory();
        assertSurvives(attack, 35, 8, Duration.ofMillis(100));

        await().atMost(Patience.patiently(MEMORY_BACK_WITHIN))
                .untilAsserted(() -> assertThat(usedMemory()).isLessThan(before + MEMORY));
    }

    @SuppressWarnings("try") // an attack lasts as long as its block
    private void assertSurvives(Attack attack, int probes, int keepers, Duration pause) throws Exception {
        Results results;
        try (Attackers attackers = Attackers.begin(attack, server.port())) {
            results = new Kubelets(server.port(), PATIENCE, probes, pause).probe(keepers);
            assertThat(serverThreads()).as("threads").isEqualTo(1);
        }
        if (attack.isIdle() || results.lost() == 0) {
            assertThat(results.lost()).as("lost during %s: %s", attack, results).isZero();
            return;
        }
        try (LoopServer constant = LoopServer.constant(1_500);
                Attackers attackers = Attackers.begin(attack, constant.port())) {
            Results unavoidable = new Kubelets(constant.port(), PATIENCE, probes, pause).probe(keepers);
            assertThat(results.lost())
                    .as("lost during %s: %s, and by a constant answer: %s", attack, results, unavoidable)
                    .isLessThanOrEqualTo(unavoidable.lost());
        }
    }

    private long serverThreads() {
        return threads.since().stream()
                .filter(thread -> thread.getName().equals("healthcheck-http"))
                .count();
    }

    private static long usedMemory() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
