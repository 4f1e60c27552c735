package dev.healthcheck.restarts;

import dev.healthcheck.restarts.Scenario.Ending;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Restarts instances under load beside one another, and prints what was lost. Exits with 1 if a stop by SIGTERM loses a
 * request, or if a kill loses none: then nothing would have been noticed.
 */
final class Restarts {
    private static final Duration SHORT = Duration.ofMillis(10);
    private static final Duration LONG = Duration.ofSeconds(4);

    /** Kills that show that losses are noticed. */
    private static final int KILLS = 2;

    private final OperationsPage page;
    private final int restarts;

    private Restarts(OperationsPage page, int restarts) {
        this.page = page;
        this.restarts = restarts;
    }

    public static void main(String... words) throws Exception {
        var children = new Children(Path.of(words[1]));
        var restarts = new Restarts(OperationsPage.read(Path.of(words[0])), Integer.parseInt(words[3]));
        boolean good = restarts.configurationsAreAccepted(children) && run(children, restarts.scenarios(words[2]));
        System.exit(good ? 0 : 1);
    }

    private boolean configurationsAreAccepted(Children children) throws IOException, InterruptedException {
        boolean all = true;
        int port = new Ports().next();
        for (Program program : Program.values()) {
            Optional<String> complaints = program.complaints(children, page.configuration(program), port);
            String configuration = "the configuration of " + program.language();
            System.out.println(complaints
                    .map(words -> "FAILED: " + configuration + "\n" + words)
                    .orElse("ok: " + configuration));
            all &= complaints.isEmpty();
        }
        return all;
    }

    private List<Scenario> scenarios(String mode) {
        return switch (mode) {
            case "documented" -> documented();
            case "others" -> others();
            case "old" -> old();
            case "kill" -> kills(restarts);
            default -> throw new IllegalArgumentException("mode: " + mode);
        };
    }

    /** Returns the four runs with the numbers of the documents, and one with kills, which hit long requests for sure. */
    private List<Scenario> documented() {
        List<Scenario> scenarios = new ArrayList<>();
        for (boolean fast : new boolean[] {false, true}) {
            scenarios.add(scenario(fast, drain(fast), Ending.SIGTERM, restarts, SHORT));
            scenarios.add(scenario(fast, drain(fast), Ending.SIGTERM, restarts, LONG));
        }
        scenarios.add(scenario(true, drain(true), Ending.SIGKILL, KILLS, LONG));
        return scenarios;
    }

    private List<Scenario> kills(int count) {
        List<Scenario> scenarios = new ArrayList<>();
        for (boolean fast : new boolean[] {false, true}) {
            scenarios.add(scenario(fast, drain(fast), Ending.SIGKILL, count, SHORT));
            scenarios.add(scenario(fast, drain(fast), Ending.SIGKILL, count, LONG));
        }
        return scenarios;
    }

    /** Returns runs with numbers that are too small for HAProxy's default check, on a server that cuts requests. */
    private List<Scenario> old() {
        var old = new Drain(2, Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ZERO);
        return List.of(
                scenario(false, old, Ending.SIGTERM, restarts, SHORT),
                scenario(false, old, Ending.SIGTERM, restarts, LONG),
                scenario(true, old, Ending.SIGTERM, restarts, LONG));
    }

    /** Returns runs with the other balancers of the documents. */
    private List<Scenario> others() {
        List<Scenario> scenarios = new ArrayList<>();
        for (Program program : EnumSet.complementOf(EnumSet.of(Program.HAPROXY))) {
            for (Duration length : List.of(SHORT, LONG)) {
                scenarios.add(new Scenario(
                        program,
                        program.language(),
                        page.configuration(program),
                        page.drain(program.row()),
                        Ending.SIGTERM,
                        restarts,
                        methodOf(length),
                        length));
            }
        }
        return scenarios;
    }

    private static String methodOf(Duration length) {
        return length.equals(LONG) ? "POST" : "GET";
    }

    private Drain drain(boolean fast) {
        return page.drain(fast ? Program.HAPROXY.row() : "HAProxy without `default-server`");
    }

    private Scenario scenario(boolean fast, Drain drain, Ending ending, int count, Duration length) {
        return new Scenario(
                Program.HAPROXY,
                fast ? "HAProxy, inter 1s fall 2 rise 2" : "HAProxy, inter 2s fall 3 rise 2",
                fast ? page.configuration(Program.HAPROXY) : page.defaults(),
                drain,
                ending,
                count,
                methodOf(length),
                length);
    }

    private static boolean run(Children children, List<Scenario> scenarios)
            throws IOException, InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newCachedThreadPool(Restarts::daemon); // a run that breaks ends all
        var ports = new Ports();
        List<Future<Tally>> runs = new ArrayList<>();
        for (Scenario scenario : scenarios) {
            var run = new Run(children, ports, "run" + runs.size(), scenario);
            runs.add(threads.submit(run::go));
        }
        List<Tally> tallies = new ArrayList<>();
        for (Future<Tally> run : runs) {
            tallies.add(run.get());
        }
        return report(scenarios, tallies);
    }

    private static Thread daemon(Runnable task) {
        var thread = new Thread(task, "run");
        thread.setDaemon(true);
        return thread;
    }

    private static boolean report(List<Scenario> scenarios, List<Tally> tallies) {
        System.out.println(
                "| balancer | ended by | reports, at least, stop | method | length | restarts | requests | failed | later than 500 ms |");
        System.out.println("|---|---|---|---|---|---|---|---|---|");
        for (int i = 0; i < scenarios.size(); i++) {
            System.out.println(row(scenarios.get(i), tallies.get(i)));
        }
        boolean good = true;
        for (int i = 0; i < scenarios.size(); i++) {
            good &= isGood(scenarios.get(i), tallies.get(i), "run" + i);
        }
        return good;
    }

    private static String row(Scenario scenario, Tally tally) {
        return "| " + scenario.settings()
                + " | " + scenario.ending()
                + " | " + scenario.drain()
                + " | " + scenario.method()
                + " | " + (scenario.length().equals(LONG) ? "4 s" : "10 ms")
                + " | " + scenario.restarts()
                + " | " + tally.requests()
                + " | " + tally.failed()
                + " | " + tally.late() + " |";
    }

    private static boolean isGood(Scenario scenario, Tally tally, String name) {
        boolean lost = tally.failed() > 0;
        boolean good = tally.requests() > 0 && lost == (scenario.ending() == Ending.SIGKILL);
        if (lost || !good) {
            System.out.println((good ? "ok: " : "FAILED: ") + name + " lost " + tally.failures());
        }
        return good;
    }
}
