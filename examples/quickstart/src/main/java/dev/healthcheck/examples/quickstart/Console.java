package dev.healthcheck.examples.quickstart;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.function.Consumer;

/** Reads commands from the terminal. Without a terminal, the service runs nevertheless. */
final class Console {
    private Console() {}

    /** Returns at the end of the input. Gives the answers to {@code output}. */
    static void read(Breaker breaker, Consumer<String> output) throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String command = line.strip().replaceAll("\\s+", " ");
            switch (command) {
                case "" -> {}
                case "help" -> output.accept(Breaker.HELP + "  quit");
                case "quit" -> System.exit(0);
                default -> output.accept(answer(breaker, command));
            }
        }
    }

    private static String answer(Breaker breaker, String command) {
        try {
            return breaker.run(command).orElse(command + ": unknown; try help");
        } catch (Exception e) {
            return command + ": " + e;
        }
    }
}
