package dev.healthcheck.examples.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.json.JsonParser;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** The log of Spring Boot in JSON: a start, an outage, a recovery and a stop. */
@ExtendWith(OutputCaptureExtension.class)
class StructuredLogTest {
    private static final JsonParser JSON = JsonParserFactory.getJsonParser();

    @Test
    void ecs_nests_the_fields(CapturedOutput output) {
        run("ecs", output);

        assertThat(lineOf("switch is DOWN", output).get("health"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .satisfies(fields -> assertOutage("", fields));
    }

    @Test
    void logstash_writes_the_fields_flat(CapturedOutput output) {
        run("logstash", output);

        assertOutage("health.", lineOf("switch is DOWN", output));
    }

    private static void assertOutage(String prefix, Map<?, ?> fields) {
        assertThat(fields.get(prefix + "check")).isEqualTo("switch");
        assertThat(fields.get(prefix + "status")).isEqualTo("DOWN");
        assertThat(fields.get(prefix + "from")).isEqualTo("UP");
        assertThat(fields.get(prefix + "reason")).isEqualTo("unreachable");
        assertThat(fields.get(prefix + "ref")).isInstanceOf(String.class);
        assertThat(fields.get(prefix + "failures")).isEqualTo(1);
        assertThat(fields.get(prefix + "duration_ms")).isInstanceOf(Number.class);
    }

    private static void run(String format, CapturedOutput output) {
        ConfigurableApplicationContext application = SpringApplication.run(
                Application.class,
                "--server.port=0",
                "--spring.data.redis.port=1",
                "--draining.at-least=0s",
                "--draining.at-most=0s",
                "--logging.structured.format.console=" + format);
        try {
            breakAndMend(application.getBean(HealthCheckRegistry.class));
            await().until(() -> output.getOut().contains("switch is UP, was DOWN"));
        } finally {
            application.close();
        }
        assertThat(output.getOut().lines()).isNotEmpty().allSatisfy(JSON::parseMap);
    }

    private static void breakAndMend(HealthCheckRegistry health) {
        var results = new ArrayDeque<>(
                List.of(CheckResult.up(), CheckResult.down("gone").withReason("unreachable"), CheckResult.up()));
        health.register("switch", results::remove, o -> o.cacheFor(Duration.ZERO));
        while (!results.isEmpty()) {
            health.check("switch");
        }
    }

    private static Map<String, Object> lineOf(String message, CapturedOutput output) {
        String line = output.getOut()
                .lines()
                .filter(candidate -> candidate.contains("\"" + message))
                .findFirst()
                .orElseThrow();
        return JSON.parseMap(line);
    }
}
