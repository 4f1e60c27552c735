package dev.healthcheck;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.VirtualRegistry.Switchable;
import dev.healthcheck.testkit.ChildJvm;
import dev.healthcheck.testkit.Hang;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.Recording;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;

/** What a recording has, each time in a JVM of its own: JFR, once in use, stays so, and keeps threads. */
class JfrEventsTest {
    @Test // J1, J2, J3, J4
    void a_recording_that_begins_later_has_each_run_each_change_and_each_lost_thread() throws Exception {
        String output = ChildJvm.run(List.of(), Recorded.class);

        assertThat(lines(output, "Run"))
                .containsExactly(
                        "check=db status=UP reason=null deadlineMissed=false",
                        "check=db status=DOWN reason=auth deadlineMissed=false",
                        "check=db status=DOWN reason=threw deadlineMissed=false",
                        "check=stage status=UP reason=null deadlineMissed=false in 50 ms or more on completer",
                        "check=late status=DOWN reason=threw deadlineMissed=true");
        assertThat(lines(output, "Change"))
                .containsExactly(
                        "check=db probe=null from=UP to=DOWN reason=auth ref=set",
                        "check=null probe=readiness from=UP to=DOWN reason=null ref=null",
                        "check=null probe=overall from=UP to=DOWN reason=null ref=null",
                        "check=db probe=null from=DOWN to=DOWN reason=threw ref=set",
                        "check=stage probe=null from=null to=UP reason=null ref=null",
                        "check=null probe=startup from=null to=UP reason=null ref=null",
                        "check=late probe=null from=null to=DOWN reason=timeout ref=set",
                        "check=null probe=startup from=UP to=DEGRADED reason=null ref=null",
                        "check=hanging probe=null from=null to=DOWN reason=timeout ref=set",
                        "check=null probe=readiness from=DOWN to=DOWN reason=closed ref=null",
                        "check=null probe=overall from=DOWN to=DOWN reason=closed ref=null");
        assertThat(lines(output, "LostThread"))
                .singleElement()
                .asString()
                .startsWith("check=hanging stack=")
                .contains(Hang.class.getName() + ".check(");
        assertThat(output).doesNotContain("secret");
    }

    @Test // J5
    void no_class_of_jfr_and_none_of_ours_for_it_is_loaded_while_nothing_records() throws Exception {
        assertThat(ChildJvm.run(List.of("-verbose:class"), Unrecorded.class).lines())
                .anyMatch(line -> line.contains(EventDispatcher.class.getName()))
                .anyMatch(line -> line.equals("with JFR: DOWN"))
                .noneMatch(line -> line.matches(".* (jdk[.]jfr[.]|dev[.]healthcheck[.]JfrEvents[ $]).*"));
    }

    @Test // J5
    void nothing_of_ours_is_loaded_in_a_jvm_whose_management_has_loaded_classes_of_jfr() throws Exception {
        assertThat(ChildJvm.run(List.of("-verbose:class"), Managed.class).lines())
                .anyMatch(line -> line.contains(" jdk.jfr."))
                .anyMatch(line -> line.equals("with JFR: DOWN"))
                .noneMatch(line -> line.matches(".* (jdk[.]jfr[.]Event|dev[.]healthcheck[.]JfrEvents)[ $].*"));
    }

    @Test // J6
    void a_jvm_without_the_module_runs_checks_as_any_other() throws Exception {
        List<String> options = List.of("--limit-modules", "java.logging,java.naming,java.xml");

        assertThat(ChildJvm.run(options, Unrecorded.class)).endsWith("without JFR: DOWN");
    }

    private static List<String> lines(String output, String event) {
        String start = "dev.healthcheck." + event + ": ";
        return output.lines()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()))
                .toList();
    }

    static final class Unrecorded {
        public static void main(String[] args) {
            CheckReport report;
            try (HealthCheckRegistry registry = HealthCheckRegistry.create()) {
                registry.register("up", CheckResult::up);
                registry.register("down", () -> CheckResult.down("no"));
                report = registry.check("down").orElseThrow();
                registry.check();
                registry.drain();
            }
            boolean missing = ModuleLayer.boot().findModule("jdk.jfr").isEmpty();
            System.out.println((missing ? "without" : "with") + " JFR: " + report.status());
        }
    }

    static final class Managed {
        public static void main(String[] args) {
            ManagementFactory.getPlatformMBeanServer();
            Unrecorded.main(args);
        }
    }

    static final class Recorded {
        private static final Set<String> UNSTEADY = Set.of("startTime", "duration", "eventThread", "stackTrace", "at");

        private final VirtualRegistry rig = new VirtualRegistry();
        private final Switchable db = new Switchable();

        public static void main(String[] args) throws Exception {
            new Recorded().record();
        }

        private void record() throws Exception {
            rig.registry.register("db", db);
            rig.readiness();
            rig.workers.runAll();
            try (Recording recording = new Recording()) {
                recording.start();
                run(CheckResult.up());
                run(CheckResult.down("secret message").withReason("auth").withDetail("user", "secret"));
                run(CheckResult.down(new IllegalStateException("secret cause")).withReason("threw"));
                runOnStage();
                missDeadline();
                loseThread();
                rig.registry.close();
                rig.workers.runAllButChecks();
                print(recording);
            }
        }

        private void run(CheckResult answer) {
            db.answer = answer;
            rig.advance(ofSeconds(1));
            rig.check("db");
        }

        private void runOnStage() throws Exception {
            CompletableFuture<CheckResult> stage = new CompletableFuture<>();
            ask("stage", stage);
            long begun = System.nanoTime();
            while (System.nanoTime() - begun < ofMillis(50).toNanos()) {
                LockSupport.parkNanos(ofMillis(10).toNanos());
            }
            Thread completer = new Thread(() -> stage.complete(CheckResult.up()), "completer");
            completer.start();
            completer.join();
            rig.workers.runAll();
        }

        private void missDeadline() {
            ask("late", new CompletableFuture<>());
            rig.advance(ofSeconds(1));
        }

        private void ask(String name, CompletionStage<CheckResult> stage) {
            AsyncHealthCheck check = () -> stage;
            rig.registry.register(name, check, o -> o.probes(Probe.STARTUP).optional());
            rig.registry.checkAsync(name).isDone();
            rig.workers.runAll();
        }

        private void loseThread() throws Exception {
            Hang hang = new Hang();
            rig.registry.register("hanging", hang, o -> o.optional());
            rig.registry.checkAsync("hanging").isDone();
            Thread lost = new Thread(rig.workers::runNewest);
            lost.setDaemon(true);
            lost.start();
            hang.awaitBegun();
            rig.advanceWhileHanging(Duration.ofMinutes(1));
            rig.advanceWhileHanging(ofSeconds(2));
        }

        private static void print(Recording recording) throws Exception {
            recording.stop();
            Path file = Files.createTempFile("health", ".jfr");
            try {
                recording.dump(file);
                RecordingFile.readAllEvents(file).stream()
                        .filter(event -> event.getEventType().getName().startsWith("dev.healthcheck."))
                        .sorted(Comparator.comparing(RecordedEvent::getStartTime))
                        .forEach(
                                event -> System.out.println(event.getEventType().getName() + ": " + inWords(event)));
            } finally {
                Files.delete(file);
            }
        }

        private static String inWords(RecordedEvent event) {
            String values = event.getFields().stream()
                    .map(ValueDescriptor::getName)
                    .filter(name -> !UNSTEADY.contains(name))
                    .map(name -> name + "=" + inWords(name, event.getValue(name)))
                    .collect(joining(" "));
            boolean onStage = "stage".equals(event.getString("check"));
            boolean longer = onStage && event.getDuration().compareTo(ofMillis(50)) >= 0;
            return longer ? values + " in 50 ms or more on " + event.getThread().getJavaName() : values;
        }

        private static String inWords(String name, Object value) {
            return name.equals("ref") && value != null
                    ? "set"
                    : String.valueOf(value).replace("\n", " < ");
        }
    }
}
