package dev.healthcheck.benchmarks;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Finds the class path that the build left for each contender, below the directory in {@code benchmarks.home}. */
final class ClassPaths {
    private static final Path HOME = Path.of(System.getProperty("benchmarks.home", "support/benchmarks"));

    private static final List<String> MODULES =
            List.of("healthcheck", "dropwizard", "smallrye", "spring-boot", "starter");

    private ClassPaths() {}

    static String of(String contender) {
        Path target = HOME.resolve(module(contender)).resolve("target");
        try {
            return target.resolve("classes")
                    + File.pathSeparator
                    + Files.readString(target.resolve("class-path")).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Path> jars(String contender) {
        return Arrays.stream(of(contender).split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar"))
                .map(Path::of)
                .toList();
    }

    /** Variants of a contender share the module that is called as their names begin. */
    private static String module(String contender) {
        return MODULES.stream().filter(contender::startsWith).findFirst().orElse("harness");
    }
}
