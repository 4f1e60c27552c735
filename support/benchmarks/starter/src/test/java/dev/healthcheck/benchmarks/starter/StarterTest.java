package dev.healthcheck.benchmarks.starter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.benchmarks.Smoke;
import org.junit.jupiter.api.Test;

class StarterTest {
    @Test
    void ten_healthy_checks_are_answered_with_200_and_all_their_names() throws Exception {
        Smoke.Answers answers = Smoke.of("starter");

        assertThat(answers.http().statusCode()).isEqualTo(200);
        assertThat(answers.http().body()).contains("check-0", "check-9").containsOnlyOnce("check-5");
        assertThat(answers.json()).contains("check-0", "check-9").containsOnlyOnce("check-5");
    }
}
