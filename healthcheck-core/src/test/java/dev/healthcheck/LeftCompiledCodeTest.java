package dev.healthcheck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.CheckReport.Subject;
import dev.healthcheck.testkit.ChildJvm;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A JVM that leaves compiled code in the middle of a method makes the objects that its compiler had left out. Without
 * memory for them, it ends the method, and runs none of its handlers. No listener goes without an event for that. In a
 * JVM of its own, whose compiler is told what to do.
 */
class LeftCompiledCodeTest {
    private static final List<String> OPTIONS = List.of(
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-Xbatch",
            "-XX:-TieredCompilation",
            "-XX:CompileCommand=quiet",
            "-XX:CompileCommand=inline,dev.healthcheck.*::*");

    @Test // R15k
    void a_listener_hears_of_a_run_although_memory_is_gone_when_its_turn_comes() throws Exception {
        assertThat(ChildJvm.run(OPTIONS, Program.class)).endsWith("told: 40001, 40001");
    }

    /** In the last event, the first listener takes all memory, and removes the second: that was never compiled. */
    static final class Program {
        private static final int EVENTS = 40_000;

        private static volatile Runnable then = () -> {};
        private static volatile @Nullable Object held;

        public static void main(String[] args) {
            EventDispatcher events = new EventDispatcher(Runnable::run, System::nanoTime);
            Listener first = new Listener();
            Listener second = new Listener();
            Listener third = new Listener();
            List.of(first, second, third).forEach(events::addListener);
            CheckOptions options = CheckOptions.initial(Duration.ofSeconds(1));
            Outbox outbox = new Outbox("db", options);
            Subject subject = new Subject("db", options, new History(), System::nanoTime);
            CheckReport report = new CheckReport(subject, Verdict.none(Status.DOWN, "refused", "it is"), true);
            List<Runnable> many = List.of(() -> {}, () -> {}, () -> {}); // so that no kind is compiled into the caller
            for (int i = 0; i < EVENTS; i++) {
                then = many.get(i % many.size());
                events.ran(outbox, report);
            }
            then = () -> {
                then = many.get(0);
                events.removeListener(second);
                takeMemory();
            };
            try {
                events.ran(outbox, report);
            } catch (OutOfMemoryError e) {
                held = null;
            }
            held = null;
            events.retry();
            System.out.println("told: " + first.told + ", " + third.told);
        }

        private static void takeMemory() {
            int size = 1 << 20;
            while (size > 0) {
                try {
                    held = new Object[] {held, new byte[size]};
                } catch (OutOfMemoryError e) {
                    size /= 2;
                }
            }
            while (true) {
                try {
                    held = new Object[] {held};
                } catch (OutOfMemoryError e) {
                    return;
                }
            }
        }

        private static final class Listener implements HealthListener {
            int told;

            @Override
            public void onChange(StatusChange change) {}

            @Override
            public void onRun(CheckReport report) {
                told++;
                then.run();
            }
        }
    }
}
