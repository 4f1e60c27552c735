package dev.healthcheck.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PortsTest {
    @Test
    void a_port_is_given_out_once() {
        assertThat(Ports.reserve(Ports.free())).isFalse();
    }

    @Test
    void no_other_JVM_gets_the_port() throws Exception {
        int port = Ports.free();

        assertThat(ChildJvm.run(List.of("-Xmx32m"), OtherJvm.class, port + "")).isEqualTo("false");
    }

    /** Prints whether it gets the port of its argument. */
    static final class OtherJvm {
        private OtherJvm() {}

        public static void main(String[] arguments) {
            System.out.println(Ports.reserve(Integer.parseInt(arguments[0])));
        }
    }
}
