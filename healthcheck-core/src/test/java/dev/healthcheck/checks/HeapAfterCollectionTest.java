package dev.healthcheck.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.Status;
import dev.healthcheck.testkit.ChildJvm;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.lang.reflect.Proxy;
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

    /** As ZGC does: a young collection moves objects, and the old generation is counted at its own next collection. */
    @Test
    void what_moves_to_the_old_generation_is_in_use_until_that_is_collected() {
        var young = new Pool("ZGC Young Generation");
        var old = new Pool("ZGC Old Generation");
        var check = new HeapAfterCollection(new UsageLimit(0.5), List.of(old.bean(), young.bean()));

        old.has(35, 35);
        young.has(56, 62);
        assertThat(used(check)).isEqualTo(91);
        old.has(35, 62);
        young.has(56, 35);
        assertThat(used(check)).isEqualTo(91);
        young.has(20, 50);
        assertThat(used(check)).isEqualTo(82);
        old.has(62, 62);
        assertThat(used(check)).isEqualTo(82);

        old.has(4, 4);
        young.has(4, 16);
        assertThat(used(check)).isEqualTo(8);
    }

    @Test
    void what_has_moved_may_be_garbage_and_is_no_evidence() {
        var eden = new Pool("PS Eden Space");
        var old = new Pool("PS Old Gen");
        var check = new HeapAfterCollection(new UsageLimit(0.5), List.of(eden.bean(), old.bean()));

        old.has(10, 10);
        eden.has(0, 100);
        assertThat(used(check)).isEqualTo(10);
        old.has(10, 90);
        assertThat(used(check)).isEqualTo(10);
    }

    @Test
    void without_generations_the_last_collection_is_all_that_counts() {
        var heap = new Pool("Shenandoah");
        var check = new HeapAfterCollection(new UsageLimit(0.5), List.of(heap.bean()));

        heap.has(80, 90);
        assertThat(used(check)).isEqualTo(80);
        heap.has(5, 90);
        assertThat(used(check)).isEqualTo(5);
    }

    private static long used(HeapAfterCollection check) {
        return (Long) check.check().details().get("used");
    }

    /** A part of the heap whose numbers a test sets. */
    private static final class Pool {
        private final String name;
        private long afterCollection;
        private long now;

        Pool(String name) {
            this.name = name;
        }

        void has(long leftByCollection, long inUse) {
            afterCollection = leftByCollection;
            now = inUse;
        }

        MemoryPoolMXBean bean() {
            return (MemoryPoolMXBean) Proxy.newProxyInstance(
                    Pool.class.getClassLoader(),
                    new Class<?>[] {MemoryPoolMXBean.class},
                    (bean, method, arguments) -> switch (method.getName()) {
                        case "getName" -> name;
                        case "getType" -> MemoryType.HEAP;
                        case "getCollectionUsage" -> new MemoryUsage(0, afterCollection, 100, 100);
                        case "getUsage" -> new MemoryUsage(0, now, 100, 100);
                        default -> throw new UnsupportedOperationException(method.toString());
                    });
        }
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
            found.add("garbage: " + lastOf(check, Status.UP, Leak::makeGarbage));

            for (int i = 0; i < LEAKED; i++) {
                LEAKING.add(new byte[CHUNK]);
            }
            found.add("leak: " + lastOf(check, Status.DOWN, System::gc));

            LEAKING.clear();
            found.add("let go: " + lastOf(check, Status.UP, Leak::makeGarbage));
            System.out.println(String.join(", ", found));
        }

        /** Objects that are allocated during a collection count as live, so a busy machine needs another collection. */
        private static CheckResult lastOf(HealthCheck check, Status expected, Runnable step) throws Exception {
            CheckResult last = CheckResult.up();
            for (int i = 0; i == 0 || (i < ATTEMPTS && last.status() != expected); i++) {
                step.run();
                last = check.check();
            }
            return last;
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
