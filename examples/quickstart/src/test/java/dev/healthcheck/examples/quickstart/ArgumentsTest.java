package dev.healthcheck.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line. */
class ArgumentsTest {
    @Test
    void without_options_it_is_port_8080_and_text() {
        assertThat(of("")).hasValue(new Arguments(8080, Quickstart.NO_PORT, false));
    }

    @Test
    void options_come_in_any_order() {
        assertThat(of("--log json --health-port 8081 --port 80")).hasValue(new Arguments(80, 8081, true));
        assertThat(of("--log text")).hasValue(new Arguments(8080, Quickstart.NO_PORT, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--port",
                "--port 0",
                "--port 65536",
                "--port 123456",
                "--port -1",
                "--port http",
                "--port 80 --port 81",
                "--port 80 --health-port 80",
                "--health-port 8080",
                "--log",
                "--log xml",
                "--log json json",
                "--unknown 1",
                "80"
            })
    void everything_else_is_refused(String words) {
        assertThat(of(words)).isEmpty();
    }

    private static Optional<Arguments> of(String words) {
        return Arguments.of(words.isEmpty() ? List.of() : List.of(words.split(" ")));
    }
}
