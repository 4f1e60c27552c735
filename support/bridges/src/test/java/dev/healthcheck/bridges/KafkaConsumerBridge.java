package dev.healthcheck.bridges;

import static java.time.Duration.ofSeconds;

import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Probe;
import dev.healthcheck.Status;
import dev.healthcheck.checks.Heartbeat;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;

final class KafkaConsumerBridge {
    private KafkaConsumerBridge() {}

    interface Handler {
        void handle(ConsumerRecord<String, String> message);
    }

    // recipe
    static void consume(
            KafkaConsumer<String, String> consumer, HealthCheckRegistry health, Heartbeat beat, Handler handler) {
        while (true) {
            beat.beat();
            HealthReport report = health.check(Probe.READINESS);
            if ("draining".equals(report.reason()) || "closed".equals(report.reason())) {
                return;
            }
            if (report.status() == Status.DOWN) {
                consumer.pause(consumer.assignment()); // and polls on, otherwise it loses its partitions
            } else {
                consumer.resume(consumer.paused());
            }
            for (ConsumerRecord<String, String> message : consumer.poll(ofSeconds(1))) {
                handler.handle(message);
            }
        }
    }
    // end of recipe
}
