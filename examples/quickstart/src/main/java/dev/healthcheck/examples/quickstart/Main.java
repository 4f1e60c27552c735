package dev.healthcheck.examples.quickstart;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.BindException;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** The command line, the console and the signals around a {@link Quickstart}. */
final class Main {
    private static final String USAGE =
            "usage: examples/quickstart/run [--port <1..65535>] [--health-port <1..65535>]" + " [--help]";
    private static final int DEFAULT_PORT = 8080;
    private static final int INVALID = -2;

    private static final String HEALTH_PORT = """

              {healthUrl}/readyz     the same health at a port of its own, which a busy server cannot silence
            """;

    private Main() {}

    public static void main(String... arguments) {
        List<String> words = List.of(arguments);
        if (words.equals(List.of("--help"))) {
            System.out.println(USAGE + "\n\nDefault port: 8080. What can be broken:\n" + Breaker.HELP);
            return;
        }
        int port = portIn(words, "--port", DEFAULT_PORT);
        int healthPort = portIn(words, "--health-port", Quickstart.NO_PORT);
        if (!areKnown(words) || port == INVALID || healthPort == INVALID || port == healthPort) {
            System.err.println(USAGE);
            System.exit(2);
        }
        try {
            run(port, healthPort);
        } catch (BindException e) {
            fail("port: " + port + " (expected: free; try --port " + (port < 65535 ? port + 1 : port - 1) + ")");
        } catch (Exception e) {
            fail("cannot start: " + e);
        }
    }

    private static void run(int port, int healthPort) throws Exception {
        var app = new Quickstart(port, healthPort);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(app), "shutdown"));
        try {
            if (app.start()) {
                System.out.println(greeting(port, healthPort));
                Console.read(app.breaker());
            }
        } catch (IOException e) {
            throw e.getCause() instanceof BindException taken ? taken : e;
        }
    }

    private static void fail(String message) {
        System.err.println(message);
        System.exit(1);
    }

    private static void stop(Quickstart app) {
        try {
            onInterrupt(() -> {
                app.abandon();
                Runtime.getRuntime().halt(130);
            });
            app.stop();
        } catch (Exception e) {
            app.abandon();
            System.err.println("cannot stop: " + e);
        }
    }

    /**
     * Handles further interrupts, which a stopping JVM ignores by default. By reflection, because the compiler warns of
     * these classes, and no option suppresses that warning.
     */
    private static void onInterrupt(Runnable action) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        Object run = Proxy.newProxyInstance(
                Main.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                    action.run();
                    return null;
                });
        signal.getMethod("handle", signal, handler)
                .invoke(null, signal.getConstructor(String.class).newInstance("INT"), run);
    }

    /** Returns whether the arguments are pairs of an option and a value, and no option comes twice. */
    private static boolean areKnown(List<String> arguments) {
        var names = IntStream.range(0, arguments.size())
                .filter(i -> i % 2 == 0)
                .mapToObj(arguments::get)
                .toList();
        return arguments.size() % 2 == 0
                && Set.of("--port", "--health-port").containsAll(names)
                && Set.copyOf(names).size() == names.size();
    }

    /** Returns the port after {@code option}, or {@code usual} without that option. */
    private static int portIn(List<String> arguments, String option, int usual) {
        int at = arguments.indexOf(option);
        if (at < 0) {
            return usual;
        }
        if (at + 1 == arguments.size() || !arguments.get(at + 1).matches("[0-9]{1,5}")) {
            return INVALID;
        }
        int port = Integer.parseInt(arguments.get(at + 1));
        return port >= 1 && port <= 65535 ? port : INVALID;
    }

    private static String greeting(int port, int healthPort) {
        String text = """

                Up. Open or curl:

                  {url}/                   the service: orders in PostgreSQL, views in Redis
                  {url}/health             every check
                  {url}/health/ready       may it get traffic? (also /readyz)
                  {url}/health/live        is it alive? (also /livez)
                  {url}/health/startup     has it started? (also /startupz)
                  {url}/health/orders-db   one check, with its history

                  curl -i {url}/health/ready
                  curl -H '{header}: {token}' {url}/health/orders-db     # what only some may see
                {health}
                Break something, here or by curl, as in: curl -X POST {url}/break/pg/stop

                {help}
                Ctrl-C drains and stops everything; a second one does not wait.
                """;
        return text.replace("{health}", healthPort == Quickstart.NO_PORT ? "" : HEALTH_PORT)
                .replace("{healthUrl}", "http://localhost:" + healthPort)
                .replace("{url}", "http://localhost:" + port)
                .replace("{header}", Quickstart.TOKEN_HEADER)
                .replace("{token}", Quickstart.TOKEN)
                .replace("{help}", Breaker.HELP);
    }
}
