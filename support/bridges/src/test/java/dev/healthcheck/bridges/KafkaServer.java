package dev.healthcheck.bridges;

import dev.healthcheck.testkit.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import kafka.Kafka;
import kafka.tools.StorageTool;

/** Starts Kafka's own broker, which is its controller, too. */
final class KafkaServer {
    private KafkaServer() {}

    /** Clients are told to connect to {@code advertisedPort} of the loopback interface. */
    static ServerProcess start(Path directory, int port, int advertisedPort) throws IOException {
        Path settings = Files.writeString(directory.resolve("server.properties"), """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%1$d
                listeners=PLAINTEXT://127.0.0.1:%2$d,CONTROLLER://127.0.0.1:%1$d
                advertised.listeners=PLAINTEXT://127.0.0.1:%3$d
                controller.listener.names=CONTROLLER
                listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
                log.dirs=%4$s
                num.partitions=1
                offsets.topic.num.partitions=1
                offsets.topic.replication.factor=1
                group.initial.rebalance.delay.ms=0
                """.formatted(
                        Ports.free(), port, advertisedPort, directory.resolve("logs")));
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName(),
                settings.toString());
        return ServerProcess.started(new ProcessBuilder(command), port, directory.resolve("log"));
    }

    /** Formats the directory and becomes the broker: one JVM starts faster than two. */
    static final class Program {
        private Program() {}

        public static void main(String[] settings) {
            int status = StorageTool.execute(
                    new String[] {"format", "--cluster-id", "4L6g3nShT-eMCtK--X86sw", "--config", settings[0]},
                    System.out);
            if (status != 0) {
                throw new IllegalStateException("the directory is not formatted: " + status);
            }
            Kafka.main(settings);
        }
    }
}
