package dev.healthcheck.restarts;

import dev.healthcheck.restarts.Scenario.Ending;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
        var restarts = new Restarts(OperationsPage.read(Path.of(words[0])), Integer.parseInt(words[3]));
        List<Scenario> scenarios =
                switch (words[2]) {
                    case "documented" -> restarts.documented();
                    case "old" -> restarts.old();
                    case "kill" -> restarts.kills(restarts.restarts);
                    default -> throw new IllegalArgumentException("mode: " + words[2]);
                };
        System.exit(run(new Children(Path.of(words[1])), scenarios) ? 0 : 1);
    }

    /** Returns the four runs with the numbers of the documents, and two that have to lose requests. */
    private List<Scenario> documented() {
        List<Scenario> scenarios = new ArrayList<>();
        for (boolean fast : new boolean[] {false, true}) {
            scenarios.add(scenario(fast, drain(fast), Ending.SIGTERM, restarts, SHORT));
            scenarios.add(scenario(fast, drain(fast), Ending.SIGTERM, restarts, LONG));
        }
        scenarios.addAll(kills(KILLS).subList(2, 4));
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

    private Drain drain(boolean fast) {
        return page.drain(fast ? "[HAProxy](#haproxy)" : "HAProxy without `default-server`");
    }

    private Scenario scenario(boolean fast, Drain drain, Ending ending, int count, Duration length) {
        return new Scenario(
                fast ? "inter 1s fall 2 rise 2" : "inter 2s fall 3 rise 2",
                fast ? page.fast() : page.defaults(),
                drain,
                ending,
                count,
                length.equals(LONG) ? "POST" : "GET",
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
                "| check of HAProxy | ended by | reports, at least, stop | method | length | restarts | requests | failed | later than 500 ms |");
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
