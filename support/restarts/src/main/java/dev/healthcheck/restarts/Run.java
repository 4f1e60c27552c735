package dev.healthcheck.restarts;

import dev.healthcheck.restarts.Scenario.Ending;
import java.io.IOException;
import java.util.List;

/** Two instances behind a balancer, restarted one after the other while clients send requests. */
final class Run {
    private final Scenario scenario;
    private final int port;
    private final Balancer balancer;
    private final List<Instance> instances;
    private final Tally tally;

    Run(Children children, Ports ports, String name, Scenario scenario) throws IOException {
        int a = ports.next();
        int b = ports.next();
        this.scenario = scenario;
        this.port = ports.next();
        this.tally = new Tally(scenario.length());
        this.instances = List.of(
                new Instance(children, name + ".a.log", a, scenario.drain()),
                new Instance(children, name + ".b.log", b, scenario.drain()));
        this.balancer =
                scenario.program().start(children, name, here(scenario.configuration(), a, b), port, List.of(a, b));
    }

    /** Puts in the addresses of our instances. */
    private static String here(String configuration, int a, int b) {
        return configuration
                .replace("10.0.0.1:8080", "127.0.0.1:" + a)
                .replace("10.0.0.2:8080", "127.0.0.1:" + b)
                .replace("\"10.0.0.1\"; .port = \"8080\"", "\"127.0.0.1\"; .port = \"" + a + "\"")
                .replace("\"10.0.0.2\"; .port = \"8080\"", "\"127.0.0.1\"; .port = \"" + b + "\"");
    }

    Tally go() throws IOException, InterruptedException {
        balancer.awaitUp(0);
        balancer.awaitUp(1);
        var load = new Load(port, scenario, tally);
        awaitFirstAnswers();
        for (int i = 0; i < scenario.restarts(); i++) {
            restart(i % 2);
        }
        load.finish();
        for (Instance instance : instances) {
            instance.kill();
        }
        return tally;
    }

    /** The first answer of a JVM takes longest, and a service that restarts in a rollout has been up for a while. */
    private void awaitFirstAnswers() throws InterruptedException {
        while (tally.requests() < scenario.clients()) {
            Thread.sleep(50);
        }
    }

    /** Ends only when the balancer gives the instance traffic again. */
    private void restart(int which) throws IOException, InterruptedException {
        if (scenario.ending() == Ending.SIGTERM) {
            instances.get(which).stop();
        } else {
            instances.get(which).kill();
        }
        balancer.awaitDown(which);
        instances.get(which).start();
        balancer.awaitUp(which);
    }
}
