package dev.healthcheck.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.encoder.Encoder;
import co.elastic.logging.logback.EcsEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import net.logstash.logback.encoder.LogstashEncoder;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Encoders of Logback write an outage and a recovery. {@link JsonOutputTest} reads the output of a whole process. */
class JsonLogTest {
    private static final JsonMapper JSON = new JsonMapper();

    /** Keeps the encoded lines. */
    private static final class Lines extends AppenderBase<ILoggingEvent> {
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final Encoder<ILoggingEvent> encoder;

        Lines(Encoder<ILoggingEvent> encoder) {
            this.encoder = encoder;
        }

        @Override
        protected void append(ILoggingEvent event) {
            lines.add(new String(encoder.encode(event), UTF_8));
        }
    }

    @Test
    void logstash_logback_encoder_writes_each_value_as_a_field() throws Exception {
        List<JsonNode> lines = linesOf(new LogstashEncoder());

        assertThat(lines.get(0).path("message").asText()).startsWith("orders-db is DOWN (unreachable)");
        HealthFields.assertOutage(lines.get(0), "orders-db");
        HealthFields.assertRecovery(lines.get(1), "orders-db");
    }

    @Test
    void JsonEncoder_of_Logback_writes_the_values_as_texts_in_a_list() throws Exception {
        List<JsonNode> lines = linesOf(new JsonEncoder());

        assertThat(lines.get(0).path("message").asText()).startsWith("orders-db is DOWN (unreachable)");
        assertThat(lines.get(0).path("kvpList")).contains(JSON.readTree("{\"health.check\": \"orders-db\"}"));
    }

    @Test
    void the_encoder_of_Elastic_drops_the_values() throws Exception {
        assertThat(linesOf(new EcsEncoder())).isNotEmpty().noneMatch(line -> line.toString()
                .contains("health."));
    }

    private static List<JsonNode> linesOf(Encoder<ILoggingEvent> encoder) throws Exception {
        var log = (Logger) LoggerFactory.getLogger("dev.healthcheck");
        encoder.setContext(log.getLoggerContext());
        encoder.start();
        var lines = new Lines(encoder);
        lines.start();
        log.addAppender(lines);
        try {
            breakAndMend();
            await().until(() -> lines.lines.size() == 2);
        } finally {
            log.detachAppender(lines);
        }
        List<JsonNode> parsed = new ArrayList<>();
        for (String line : lines.lines) {
            assertThat(line).endsWith("\n").containsOnlyOnce("\n");
            parsed.add(JSON.readTree(line));
        }
        return parsed;
    }

    private static void breakAndMend() {
        var results = new ArrayDeque<>(
                List.of(CheckResult.up(), CheckResult.down("gone").withReason("unreachable"), CheckResult.up()));
        try (var health = HealthCheckRegistry.builder()
                .answerWithin(Duration.ofSeconds(30))
                .defaults(o -> o.timeout(Duration.ofSeconds(30)))
                .build()) {
            health.register("orders-db", results::remove, o -> o.cacheFor(Duration.ZERO));
            while (!results.isEmpty()) {
                health.check("orders-db");
            }
        }
    }
}
