package dev.healthcheck.examples.quickstart;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The options of the command line.
 *
 * @param healthPort {@link Quickstart#NO_PORT} for none
 * @param json whether each line of the output is one JSON object
 */
record Arguments(int port, int healthPort, boolean json) {
    static final String USAGE = "usage: examples/quickstart/run [--port <1..65535>] [--health-port <1..65535>]"
            + " [--log text|json] [--help]";
    static final String OPTIONS = """
              --port         the service, /health and /metrics; default: 8080
              --health-port  /health at a port of its own, too; default: none
              --log          text for people, or json for an index: one object a line; default: text
            """;

    private static final Map<String, Predicate<String>> KNOWN = Map.of(
            "--port", Arguments::isPort,
            "--health-port", Arguments::isPort,
            "--log", Set.of("text", "json")::contains);

    /** Returns nothing if the words are not pairs of a known option and a value for it. */
    static Optional<Arguments> of(List<String> words) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i + 1 < words.size(); i += 2) {
            values.put(words.get(i), words.get(i + 1));
        }
        boolean pairs = values.size() * 2 == words.size(); // no option twice, none without a value
        if (!pairs || !values.entrySet().stream().allMatch(Arguments::isValid)) {
            return Optional.empty();
        }
        int port = Integer.parseInt(values.getOrDefault("--port", "8080"));
        int healthPort = Integer.parseInt(values.getOrDefault("--health-port", "" + Quickstart.NO_PORT));
        var arguments = new Arguments(port, healthPort, "json".equals(values.get("--log")));
        return port == healthPort ? Optional.empty() : Optional.of(arguments);
    }

    private static boolean isValid(Map.Entry<String, String> option) {
        Predicate<String> values = KNOWN.get(option.getKey());
        return values != null && values.test(option.getValue());
    }

    private static boolean isPort(String value) {
        return value.matches("[0-9]{1,5}") && Integer.parseInt(value) >= 1 && Integer.parseInt(value) <= 65535;
    }
}
