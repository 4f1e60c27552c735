package dev.healthcheck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.testkit.ChildJvm;
import dev.healthcheck.testkit.Patience;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** R10: a caller whose stack is exhausted harms himself only. In a JVM of its own, which may take harm. */
class ExhaustedStackTest {

    @Test // R10f
    void a_caller_whose_stack_overflows_inside_a_question_changes_nothing_for_others() throws Exception {
        assertThat(ChildJvm.run(List.of("-Xint", "-Xmx64m"), Overflow.class))
                .isEqualTo("overflows: true, questions not all UP: 0");
    }

    /** Asks at each depth of a small stack, the deepest first, again and again; and asks as others do in between. */
    static final class Overflow {
        private static final int ROUNDS = 6;
        /** Frames of the caller, from the deepest on, out of which is asked. */
        private static final int DEPTHS = 400;

        private static final AtomicInteger OVERFLOWS = new AtomicInteger();

        public static void main(String[] args) throws Exception {
            int notUp = 0;
            try (HealthCheckRegistry registry = Patience.builder().build()) {
                for (int i = 0; i < 4; i++) {
                    registry.register("check-" + i, CheckResult::up, o -> o.cacheFor(Duration.ZERO));
                }
                for (int i = 0; i < ROUNDS; i++) {
                    Thread caller = new Thread(null, () -> dive(registry, 1_000_000), "caller", 256 * 1024);
                    caller.start();
                    caller.join();
                    notUp += registry.check().status() == Status.UP ? 0 : 1;
                }
            }
            System.out.println("overflows: " + (OVERFLOWS.get() > ROUNDS) + ", questions not all UP: " + notUp);
        }

        /** Returns how far above the deepest frame it is. */
        private static int dive(HealthCheckRegistry registry, int most) {
            int height = 0;
            try {
                height = most == 0 ? 0 : dive(registry, most - 1);
            } catch (StackOverflowError e) {
                OVERFLOWS.incrementAndGet();
            }
            if (height < DEPTHS) {
                try {
                    HealthReport unread = registry.check();
                    height += unread == null ? 1 : 0;
                } catch (StackOverflowError e) {
                    OVERFLOWS.incrementAndGet();
                }
            }
            return height + 1;
        }
    }
}
