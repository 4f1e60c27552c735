package dev.healthcheck.examples.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** HAProxy in front of the instances. */
final class Balancer implements AutoCloseable {
    static final Duration INTERVAL = Duration.ofSeconds(1);
    static final int FALL = 2;
    static final int RISE = 2;
    /** The shortest time for which an instance must drain, so that the balancer has counted its failures. */
    static final Duration DRAIN = INTERVAL.multipliedBy(FALL).plusSeconds(1);

    private final int port = Ports.free();
    private final Child process;

    Balancer(Path directory, List<Instance> instances) throws IOException {
        Path configuration = Files.writeString(directory.resolve("haproxy.cfg"), configuration(instances));
        process =
                new Child(directory.resolve("haproxy.log"), List.of("haproxy", "-db", "-f", configuration.toString()));
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        process.close();
    }

    private String configuration(List<Instance> instances) {
        StringBuilder text = new StringBuilder("""
                defaults
                  mode http
                  timeout connect 1s
                  timeout client 10s
                  timeout server 10s

                listen fleet
                  bind 127.0.0.1:%d
                  balance roundrobin
                  option httpchk GET /health/ready
                  http-check expect status 200
                  default-server check inter %dms fall %d rise %d
                """.formatted(port, INTERVAL.toMillis(), FALL, RISE));
        for (Instance instance : instances) {
            text.append("  server %s 127.0.0.1:%d%n".formatted(instance.name(), instance.port()));
        }
        return text.toString();
    }
}
