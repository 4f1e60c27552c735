package dev.healthcheck.examples.quickstart;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.BindException;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.LoggerFactory;

/** The command line, the console and the signals around a {@link Quickstart}. */
final class Main {
    private static final String HEALTH_PORT = """

              {healthUrl}/readyz     the same health at a port of its own, which a busy server cannot silence
            """;

    private Main() {}

    public static void main(String... words) {
        if (List.of(words).equals(List.of("--help"))) {
            System.out.println(Arguments.USAGE + "\n\n" + Arguments.OPTIONS + "\nWhat can be broken:\n" + Breaker.HELP);
            return;
        }
        Arguments arguments = Arguments.of(List.of(words)).orElse(null);
        if (arguments == null) {
            System.err.println(Arguments.USAGE);
            System.exit(2);
            return;
        }
        int port = arguments.port();
        try {
            run(arguments);
        } catch (BindException e) {
            fail("port: " + port + " (expected: free; try --port " + (port < 65535 ? port + 1 : port - 1) + ")");
        } catch (Exception e) {
            fail("cannot start: " + e);
        }
    }

    private static void run(Arguments arguments) throws Exception {
        Consumer<String> output = arguments.json() ? jsonLog() : System.out::println;
        var app = new Quickstart(arguments.port(), arguments.healthPort());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(app), "shutdown"));
        try {
            if (app.start()) {
                output.accept(arguments.json() ? "up: " + urlOf(arguments.port()) : greeting(arguments));
                Console.read(app.breaker(), output);
            }
        } catch (IOException e) {
            throw e.getCause() instanceof BindException taken ? taken : e;
        }
    }

    /** Returns a log that writes JSON, for what is otherwise printed. Call it before any other logger is used. */
    private static Consumer<String> jsonLog() {
        System.setProperty("logback.configurationFile", "logback-json.xml");
        return LoggerFactory.getLogger(Main.class)::info;
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

    private static String urlOf(int port) {
        return "http://localhost:" + port;
    }

    private static String greeting(Arguments arguments) {
        String text = """

                Up. Open or curl:

                  {url}/                   the service: orders in PostgreSQL, views in Redis
                  {url}/health             every check
                  {url}/health/ready       may it get traffic? (also /readyz)
                  {url}/health/live        is it alive? (also /livez)
                  {url}/health/startup     has it started? (also /startupz)
                  {url}/health/orders-db   one check, with its history
                  {url}/metrics            for Prometheus

                  curl -i {url}/health/ready
                  curl -H '{header}: {token}' {url}/health/orders-db     # what only some may see
                {health}
                Break something, here or by curl, as in: curl -X POST {url}/break/pg/stop

                {help}
                Ctrl-C drains and stops everything; a second one does not wait.
                """;
        return text.replace("{health}", arguments.healthPort() == Quickstart.NO_PORT ? "" : HEALTH_PORT)
                .replace("{healthUrl}", urlOf(arguments.healthPort()))
                .replace("{url}", urlOf(arguments.port()))
                .replace("{header}", Quickstart.TOKEN_HEADER)
                .replace("{token}", Quickstart.TOKEN)
                .replace("{help}", Breaker.HELP);
    }
}
