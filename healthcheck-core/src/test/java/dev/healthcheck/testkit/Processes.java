package dev.healthcheck.testkit;

import static java.util.stream.Collectors.toCollection;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Processes of servers that are to stand still for a while. */
public final class Processes {
    private Processes() {}

    /** Stops them where they are. Returns once none of their threads runs, so that nothing more is answered. */
    public static void freeze(List<Long> pids) {
        signal("-STOP", pids);
        await().pollInterval(Duration.ofMillis(2)).until(() -> pids.stream().allMatch(Processes::standsStill));
    }

    /** Has them go on. */
    public static void thaw(List<Long> pids) {
        signal("-CONT", pids);
    }

    private static void signal(String signal, List<Long> pids) {
        List<String> command = pids.stream().map(String::valueOf).collect(toCollection(ArrayList::new));
        command.addAll(0, List.of("kill", signal));
        try {
            new ProcessBuilder(command).inheritIO().start().onExit().join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By what Linux says of their threads; elsewhere the signal has to do. */
    private static boolean standsStill(long pid) {
        Path tasks = Path.of("/proc/" + pid + "/task");
        if (!Files.isDirectory(tasks)) {
            return true;
        }
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
            for (Path thread : threads) {
                String stat = Files.readString(thread.resolve("stat"));
                char state = stat.charAt(stat.lastIndexOf(')') + 2);
                if (state != 'T' && state != 'Z') {
                    return false;
                }
            }
            return true;
        } catch (IOException e) { // one has ended meanwhile
            return false;
        }
    }
}
