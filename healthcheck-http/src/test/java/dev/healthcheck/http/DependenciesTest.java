package dev.healthcheck.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;

/** This module belongs to no server. */
class DependenciesTest {
    private static final Pattern TARGET = Pattern.compile("dev\\.healthcheck\\.http +-> (\\S+)");

    @Test
    void it_uses_the_jdk_the_core_jackson_s_streaming_and_the_log_and_no_server() {
        assertThat(packagesUsed())
                .contains("dev.healthcheck", "java.util")
                .allMatch(name -> name.matches("java\\.(io|lang|math|net|nio|security|time|util)(\\..+)?")
                        || Set.of(
                                        "dev.healthcheck",
                                        "dev.healthcheck.http",
                                        "com.fasterxml.jackson.core",
                                        "org.jspecify.annotations",
                                        "org.slf4j")
                                .contains(name));
    }

    private static Set<String> packagesUsed() {
        StringWriter said = new StringWriter();
        ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(
                        new PrintWriter(said),
                        new PrintWriter(said),
                        "--ignore-missing-deps",
                        "-verbose:package",
                        "-filter:none",
                        "target/classes/dev"); // without module-info, which asks for a module path
        Set<String> packages = new TreeSet<>();
        TARGET.matcher(said.toString()).results().forEach(found -> packages.add(found.group(1)));
        return packages;
    }
}
