package dev.healthcheck.benchmarks.healthcheck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.benchmarks.Smoke;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OursTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "healthcheck",
                "healthcheck-fresh",
                "healthcheck-endpoint",
                "healthcheck-port",
                "healthcheck-loop",
                "healthcheck-uncached"
            })
    void ten_healthy_checks_are_answered_with_200_and_all_their_names(String contender) throws Exception {
        Smoke.Answers answers = Smoke.of(contender);

        assertThat(answers.http().statusCode()).isEqualTo(200);
        assertThat(answers.http().body()).contains("check-0", "check-9").containsOnlyOnce("check-5");
        assertThat(answers.json()).contains("check-0", "check-9").containsOnlyOnce("check-5");
    }
}
