package dev.healthcheck.servlet;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonFactory;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.http.HealthEndpoint;
import dev.healthcheck.servlet.war.RegistryInContext;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An unpacked WAR that brings the library, with a {@code web.xml} that names a listener and the servlet. */
@Tag("container")
abstract class WarContract {
    @TempDir
    private Path war;

    private Container container;
    private int port;

    /** The container starts with the WAR as its root context and ignores what is mounted. */
    abstract Container newContainer(Path war);

    @BeforeEach
    void deploy() throws Exception {
        Path classes = war.resolve("WEB-INF/classes");
        Path lib = war.resolve("WEB-INF/lib");
        Files.createDirectories(lib);
        copy(HealthCheckRegistry.class, classes, lib);
        copy(HealthEndpoint.class, classes, lib);
        copy(HealthServlet.class, classes, lib);
        copy(JsonFactory.class, classes, lib);
        String listener = RegistryInContext.class.getName().replace('.', '/') + ".class";
        copy("/" + listener, classes.resolve(listener));
        copy("/war/web.xml", war.resolve("WEB-INF/web.xml"));
        container = newContainer(war);
        port = container.start();
    }

    @AfterEach
    void stop() throws Exception {
        container.stop();
        System.getProperties().remove(RegistryInContext.class.getName());
    }

    @Test
    void a_web_xml_is_all_that_the_servlet_needs() throws Exception {
        for (String path : new String[] {"/health/ready", "/readyz"}) {
            HttpResponse<String> response = get(path);
            assertThat(response.body())
                    .contains("\"service\":{\"name\":\"orders\",\"version\":\"1.4.2\"}")
                    .contains("\"checks\":{\"library-of-this-war\":{\"status\":\"UP\",");
            assertThat(response.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void nothing_holds_the_classes_of_a_war_that_is_gone() throws Exception {
        assertThat(get("/health").statusCode()).isEqualTo(200);
        WeakReference<?> loader = (WeakReference<?>) System.getProperties().get(RegistryInContext.class.getName());
        assertThat(loader.get()).isNotNull();

        container.stop();
        container = newContainer(war); // the old one refers to what it has served

        await().until(() -> {
            System.gc();
            return loader.get() == null;
        });
    }

    private HttpResponse<String> get(String path) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    }

    /** What {@code type} comes with: a directory as long as its module is no jar yet. */
    private static void copy(Class<?> type, Path classes, Path lib) throws IOException, URISyntaxException {
        Path source =
                Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (Files.isRegularFile(source)) {
            Files.copy(source, lib.resolve(source.getFileName()));
            return;
        }
        try (Stream<Path> files = Files.walk(source)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = classes.resolve(source.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target, REPLACE_EXISTING); // each module has a module-info, which a WAR does not need
            }
        }
    }

    private static void copy(String resource, Path target) throws IOException {
        Files.createDirectories(target.getParent());
        try (InputStream in = Objects.requireNonNull(WarContract.class.getResourceAsStream(resource))) {
            Files.copy(in, target);
        }
    }
}
