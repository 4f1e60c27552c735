package dev.healthcheck.orchestrators;

import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.example.orders.Main;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.testkit.Ports;
import dev.healthcheck.testkit.TcpProxy;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The service as a process of this machine. A proxy stands between it and PostgreSQL. */
final class ServiceProcess implements OrdersService {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private final TcpProxy database;
    private final int port = Ports.free();
    private final int healthPort = Ports.free();
    private final Process process;

    ServiceProcess(int postgres) throws IOException {
        database = TcpProxy.to(postgres);
        var builder = new ProcessBuilder(
                        JAVA, "-Xmx128m", "-cp", System.getProperty("java.class.path"), Main.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        Path.of("target", "orders.log").toFile()));
        builder.environment().put("PORT", "" + port);
        builder.environment().put("HEALTH_PORT", "" + healthPort);
        builder.environment().put("JDBC_URL", "jdbc:postgresql://127.0.0.1:" + database.port() + "/postgres");
        process = builder.start();
    }

    @Override
    public URI address(int inside) {
        return URI.create("http://127.0.0.1:" + (inside == PORT ? port : healthPort));
    }

    @Override
    public List<String> command(List<String> inContainer) {
        List<String> command = new ArrayList<>(List.of(JAVA));
        command.addAll(inContainer.subList(1, inContainer.indexOf("-jar")));
        command.addAll(probeClient());
        String url = inContainer.get(inContainer.size() - 1);
        assertThat(url).contains(":" + PORT + "/");
        command.add(url.replace(":" + PORT + "/", ":" + port + "/"));
        return command;
    }

    /** Core's jar, or the directory of its classes if a build stops before the jars. */
    private static List<String> probeClient() {
        try {
            Path core = Path.of(HealthCheckRegistry.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return Files.isDirectory(core)
                    ? List.of("-cp", core.toString(), "dev.healthcheck.checks.ProbeClient")
                    : List.of("-jar", core.toString());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void freezeDatabase() {
        database.freeze();
    }

    @Override
    public void healDatabase() throws IOException {
        database.heal();
    }

    @Override
    public void terminate() {
        process.destroy();
    }

    @Override
    public int awaitExit(Duration atMost) throws InterruptedException {
        assertThat(process.waitFor(atMost.toNanos(), NANOSECONDS))
                .as("ends within %s", atMost)
                .isTrue();
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        database.close();
    }
}
