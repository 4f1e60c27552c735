package dev.healthcheck.restarts;

import dev.healthcheck.restarts.Scenario.Ending;
import java.io.IOException;
import java.util.List;

/** Two instances behind HAProxy, restarted one after the other while clients send requests. */
final class Run {
    private static final List<String> SERVERS = List.of("a", "b");

    private final Scenario scenario;
    private final int port;
    private final HaProxy haProxy;
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
        this.haProxy = new HaProxy(children, name, here(scenario.configuration(), a, b));
    }

    /** Puts in our ports, and a log of what went wrong. */
    private String here(String configuration, int a, int b) {
        return configuration
                .replace("global\n", "global\n  maxconn 1000\n")
                .replace(
                        "defaults\n",
                        "defaults\n  log stdout format raw local0\n  option httplog\n  option dontlog-normal\n")
                .replace("bind :80", "bind 127.0.0.1:" + port)
                .replace("10.0.0.1:8080", "127.0.0.1:" + a)
                .replace("10.0.0.2:8080", "127.0.0.1:" + b);
    }

    Tally go() throws IOException, InterruptedException {
        for (String server : SERVERS) {
            haProxy.awaitUp(server);
        }
        var load = new Load(port, scenario, tally);
        for (int i = 0; i < scenario.restarts(); i++) {
            restart(i % 2);
        }
        load.finish();
        for (Instance instance : instances) {
            instance.kill();
        }
        return tally;
    }

    /** Ends only when HAProxy gives the instance traffic again. */
    private void restart(int which) throws IOException, InterruptedException {
        if (scenario.ending() == Ending.SIGTERM) {
            instances.get(which).stop();
        } else {
            instances.get(which).kill();
        }
        haProxy.awaitDown(SERVERS.get(which));
        instances.get(which).start();
        haProxy.awaitUp(SERVERS.get(which));
    }
}
