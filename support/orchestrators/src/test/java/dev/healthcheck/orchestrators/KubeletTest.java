package dev.healthcheck.orchestrators;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1Probe;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The emulated kubelet concludes what the source of the kubelet says. */
class KubeletTest {
    private boolean answer = true;
    private int questions;
    private final Kubelet kubelet = new Kubelet(
            new V1Container()
                    .startupProbe(new V1Probe().failureThreshold(2))
                    .livenessProbe(new V1Probe().failureThreshold(3))
                    .readinessProbe(new V1Probe().failureThreshold(2)),
            probe -> timeout -> {
                questions++;
                return new Prober.Answer(answer, "", Duration.ZERO);
            });

    @AfterEach
    void close() {
        kubelet.close();
    }

    @Test
    void the_other_probes_wait_for_the_startup_probe() throws Exception {
        kubelet.tick(Kubelet.READINESS);
        kubelet.tick(Kubelet.LIVENESS);
        assertThat(questions).isZero();

        kubelet.tick(Kubelet.STARTUP);
        assertThat(kubelet.isStarted()).isTrue();
        assertThat(kubelet.isReady()).isFalse();
        kubelet.tick(Kubelet.READINESS);
        assertThat(kubelet.isReady()).isTrue();

        kubelet.tick(Kubelet.STARTUP);
        assertThat(questions).isEqualTo(2);
    }

    @Test
    void failures_in_a_row_take_a_container_out_of_the_service_and_one_success_puts_it_back() throws Exception {
        kubelet.tick(Kubelet.STARTUP);
        kubelet.tick(Kubelet.READINESS);

        answer = false;
        kubelet.tick(Kubelet.READINESS);
        assertThat(kubelet.isReady()).isTrue();
        kubelet.tick(Kubelet.READINESS);
        assertThat(kubelet.isReady()).isFalse();

        answer = true;
        kubelet.tick(Kubelet.READINESS);
        assertThat(kubelet.isReady()).isTrue();
        answer = false;
        kubelet.tick(Kubelet.READINESS);
        assertThat(kubelet.isReady()).isTrue();
    }

    @Test
    void failures_of_liveness_in_a_row_restart_a_container() throws Exception {
        kubelet.tick(Kubelet.STARTUP);
        answer = false;
        kubelet.tick(Kubelet.LIVENESS);
        kubelet.tick(Kubelet.LIVENESS);
        assertThat(kubelet.restarts()).isZero();

        kubelet.tick(Kubelet.LIVENESS);
        kubelet.tick(Kubelet.LIVENESS);
        assertThat(kubelet.restarts()).isEqualTo(1);
    }

    @Test
    void a_container_that_does_not_start_is_restarted() throws Exception {
        answer = false;
        kubelet.tick(Kubelet.STARTUP);
        kubelet.tick(Kubelet.STARTUP);

        assertThat(kubelet.restarts()).isEqualTo(1);
        assertThat(kubelet.isStarted()).isFalse();
    }

    @Test
    void a_container_that_is_being_deleted_is_asked_for_readiness_only() throws Exception {
        kubelet.tick(Kubelet.STARTUP);
        kubelet.delete();
        kubelet.tick(Kubelet.LIVENESS);
        assertThat(questions).isEqualTo(1);

        kubelet.tick(Kubelet.READINESS);
        assertThat(questions).isEqualTo(2);
    }
}
