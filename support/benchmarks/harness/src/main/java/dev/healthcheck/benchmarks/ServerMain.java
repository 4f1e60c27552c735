package dev.healthcheck.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.Map;

/**
 * Serves one contender. Answers each line of its standard input, a name of {@link Facts}, with a number; ends with it, so
 * that it never outlives whoever started it.
 */
final class ServerMain {
    private ServerMain() {}

    /**
     * Prints the port and the path when it can be asked.
     *
     * @param args the names of the contender and of a {@link Workload}
     */
    public static void main(String[] args) throws Exception {
        Contender contender = Contenders.named(args[0]);
        contender.start(Workload.valueOf(args[1]).checks());
        int port = contender.serve(Map.of(ServerProcess.CONSTANT, new Constant("{}".getBytes(US_ASCII))));
        System.out.println(ServerProcess.READY + port + contender.path());
        BufferedReader names = new BufferedReader(new InputStreamReader(System.in, US_ASCII));
        for (String name = names.readLine(); name != null; name = names.readLine()) {
            System.out.println(ServerProcess.FACT + Facts.named(name));
        }
        Runtime.getRuntime().halt(0); // some checks hang for good
    }
}
