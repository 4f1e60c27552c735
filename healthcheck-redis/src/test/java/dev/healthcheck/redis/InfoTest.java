package dev.healthcheck.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.CheckResult;
import dev.healthcheck.Status;
import io.lettuce.core.RedisCommandExecutionException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Judges texts and errors that a server may send, without a server. */
class InfoTest {

    @ParameterizedTest
    @CsvSource({
        "900, 1000, noeviction, ",
        "901, 1000, noeviction, memory",
        "901, 1000, volatile-lru, memory",
        "901, 1000, allkeys-lru, ",
        "901, 0, noeviction, "
    })
    void memory_may_be_used_up_to_the_share_where_nothing_is_evicted(
            long used, long limit, String policy, String reason) {
        String text = "# Memory\r\nused_memory:" + used + "\r\nmaxmemory:" + limit + "\r\nmaxmemory_policy:" + policy;

        assertThat(Info.judge(text, Info.memoryBelow(0.9)).reason()).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({"slave, up, 5, ", "slave, up, 6, replica-lag", "slave, down, 0, replica-link", "master, down, 6, "})
    void a_replica_may_have_heard_of_its_master_as_long_ago_as_the_limit(
            String role, String link, int silent, String reason) {
        String text = "role:" + role + "\r\nmaster_link_status:" + link + "\r\nmaster_last_io_seconds_ago:" + silent;

        assertThat(Info.judge(text, Info.replicaWithin(Duration.ofSeconds(5))).reason())
                .isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({"ok, 16384, UP, ", "ok, 16383, DEGRADED, slots", "fail, 16383, DOWN, cluster-down"})
    void a_cluster_is_judged_by_its_state_and_then_by_its_slots(String state, int slots, Status status, String reason) {
        CheckResult result = Info.judge("cluster_state:" + state + "\r\ncluster_slots_ok:" + slots, Info::cluster);

        assertThat(result.status()).isEqualTo(status);
        assertThat(result.reason()).isEqualTo(reason);
    }

    @Test
    void a_cluster_tells_its_size_and_its_slots() {
        String text = "cluster_state:ok\r\ncluster_slots_ok:16383\r\ncluster_slots_fail:1\r\ncluster_size:3";

        assertThat(Info.judge(text, Info::cluster).details())
                .containsExactly(
                        Map.entry("cluster_size", 3L), Map.entry("slots_up", 16383L), Map.entry("slots_fail", 1L));
        CheckResult strange = Info.judge("cluster_state:ok\r\ncluster_size:many", Info::cluster);
        assertThat(strange.status()).isEqualTo(Status.UP);
        assertThat(strange.details()).isEmpty();
    }

    @Test
    void what_is_not_told_or_is_no_number_is_not_known() {
        assertThat(Info.judge("", Info.memoryBelow(0.9)).reason()).isEqualTo("no-info");
        assertThat(Info.judge("maxmemory:much", Info.memoryBelow(0.9)).reason()).isEqualTo("no-info");
        assertThat(Info.judge("", Info.replicaWithin(Duration.ZERO)).status()).isEqualTo(Status.DEGRADED);
    }

    @ParameterizedTest
    @CsvSource({"LOADING, loading", "WRONGPASS no such user, auth", "LOADINGS, error-reply", "ERR LOADING, error-reply"
    })
    void an_error_is_told_by_its_first_word(String error, String reason) {
        Throwable thrown = new CompletionException(new RedisCommandExecutionException(error));

        assertThat(ErrorReplies.error(thrown).reason()).isEqualTo(reason);
        assertThat(ErrorReplies.isError(thrown)).isTrue();
        assertThat(ErrorReplies.isError(new CompletionException(new IllegalStateException(error))))
                .isFalse();
    }
}
