package dev.healthcheck.published;

import dev.healthcheck.HealthCheck;
import dev.healthcheck.grpc.GrpcHealthService;
import dev.healthcheck.http.HealthEndpoint;
import dev.healthcheck.jdbc.JdbcHealthCheck;
import dev.healthcheck.micrometer.HealthMetrics;
import dev.healthcheck.redis.RedisHealthCheck;
import dev.healthcheck.servlet.HealthServlet;
import dev.healthcheck.spring.HealthcheckAutoConfiguration;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A module that is published; read from its jar, or from its classes where a build makes none. */
enum Library {
    CORE("healthcheck-core", HealthCheck.class),
    JDBC("healthcheck-jdbc", JdbcHealthCheck.class),
    REDIS("healthcheck-redis", RedisHealthCheck.class),
    HTTP("healthcheck-http", HealthEndpoint.class),
    SERVLET("healthcheck-servlet", HealthServlet.class),
    MICROMETER("healthcheck-micrometer", HealthMetrics.class),
    GRPC("healthcheck-grpc", GrpcHealthService.class),
    SPRING_BOOT_STARTER("healthcheck-spring-boot-starter", HealthcheckAutoConfiguration.class);

    /** Of the sources of all modules. */
    static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

    private final String artifact;
    private final Class<?> member;

    Library(String artifact, Class<?> member) {
        this.artifact = artifact;
        this.member = member;
    }

    /** A class of it. */
    Class<?> member() {
        return member;
    }

    /** Its files by their paths, in order. */
    Map<String, byte[]> files() throws IOException, URISyntaxException {
        Path place = Path.of(
                member.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (Files.isDirectory(place)) {
            return filesBelow(place);
        }
        try (FileSystem jar = FileSystems.newFileSystem(place)) {
            return filesBelow(jar.getPath("/"));
        }
    }

    private static Map<String, byte[]> filesBelow(Path root) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
                files.put(root.relativize(path).toString().replace('\\', '/'), Files.readAllBytes(path));
            }
        }
        return files;
    }

    /** The files that its classes and pages are compiled from. */
    List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve(artifact).resolve("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    /** Where its API is listed. */
    Path listing() {
        return ROOT.resolve(artifact).resolve("api.txt");
    }

    @Override
    public String toString() {
        return artifact;
    }
}
