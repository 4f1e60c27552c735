package dev.healthcheck.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.Status;
import dev.healthcheck.testkit.ChildJvm;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeapAfterCollectionTest {
    @ParameterizedTest
    @MethodSource("collectors")
    void garbage_does_not_count_a_leak_does_and_what_is_let_go_does_no_longer(String collector) throws Exception {
        List<String> options = List.of("-Xms128m", "-Xmx128m", "-XX:+UnlockExperimentalVMOptions", collector);

        assertThat(ChildJvm.run(options, Leak.class))
                .isEqualTo("nothing yet: UP, garbage: UP, leak: DOWN (heap-full), let go: UP");
    }

    static Stream<String> collectors() {
        return Stream.of("G1", "Parallel", "Serial", "Z", "Shenandoah")
                .map("-XX:+Use%sGC"::formatted)
                .filter(ChildJvm::knows);
    }

    @Test
    void details_are_bytes_and_the_limit_is_the_maximum_heap() throws Exception {
        System.gc();

        CheckResult result = JvmChecks.heapAfterCollection(0.000001).check();

        assertThat(result.reason()).isEqualTo("heap-full");
        assertThat(result.details())
                .containsOnlyKeys("used", "limit", "share")
                .containsEntry("limit", Runtime.getRuntime().maxMemory())
                .containsEntry("share", 0.000001);
        assertThat((Long) result.details().get("used"))
                .isBetween(1L, Runtime.getRuntime().maxMemory());
        assertThat(result.message())
                .isEqualTo("%s of %s of heap are in use after a collection"
                        .formatted(Words.bytes((Long) result.details().get("used")), Words.bytes((Long)
                                result.details().get("limit"))));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -0.5, 80, Double.NaN})
    void a_share_that_is_none_is_refused(double share) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JvmChecks.heapAfterCollection(share))
                .withMessage("share: " + share + " (expected: > 0 and < 1)");
    }

    /** Fills two thirds of its heap for a while. */
    static final class Leak {
        private static final int CHUNK = 100_000;
        private static final int LEAKED = 84_000_000 / CHUNK;
        private static final int TURNOVER = 200_000_000 / CHUNK;
        private static final int ATTEMPTS = 20;
        private static final List<byte[]> LEAKING = new ArrayList<>();

        public static void main(String[] args) throws Exception {
            HealthCheck check = JvmChecks.heapAfterCollection(0.6);
            List<String> found = new ArrayList<>();
            found.add("nothing yet: " + check.check());
            makeGarbageUntilUp(check);
            found.add("garbage: " + check.check());

            for (int i = 0; i < LEAKED; i++) {
                LEAKING.add(new byte[CHUNK]);
            }
            for (int i = 0; i < ATTEMPTS && check.check().status() == Status.UP; i++) {
                System.gc();
            }
            found.add("leak: " + check.check());

            LEAKING.clear();
            makeGarbageUntilUp(check);
            found.add("let go: " + check.check());
            System.out.println(String.join(", ", found));
        }

        /** Objects that are allocated during a collection count as live, so a busy machine needs another collection. */
        private static void makeGarbageUntilUp(HealthCheck check) throws Exception {
            for (int i = 0; i == 0 || (i < ATTEMPTS && check.check().status() != Status.UP); i++) {
                makeGarbage();
            }
        }

        private static void makeGarbage() {
            long sum = 0;
            for (int i = 0; i < TURNOVER; i++) {
                sum += new byte[CHUNK].length;
            }
            if (sum != (long) TURNOVER * CHUNK) {
                throw new AssertionError(sum);
            }
        }
    }
}
