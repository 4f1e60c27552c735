package dev.healthcheck.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.lang.ref.Reference;

/** Prints how many bytes of heap a registered check holds. */
final class HeapMain {
    private static final int CHECKS = 10_000;

    private HeapMain() {}

    /** In a JVM of its own. */
    static double bytes(String contender, int runs) throws IOException {
        Process process = new ProcessBuilder(
                        ServerProcess.JAVA,
                        "-cp",
                        ClassPaths.of(contender),
                        HeapMain.class.getName(),
                        contender,
                        String.valueOf(runs))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), US_ASCII);
        return Double.parseDouble(output.strip());
    }

    /**
     * Prints one number.
     *
     * @param args the name of the contender; how often its checks have been run
     */
    public static void main(String[] args) throws Exception {
        int runs = Integer.parseInt(args[1]);
        Contender few = started(args[0], 10, runs); // what is loaded once is no check's
        long before = usedHeap();
        Contender many = started(args[0], CHECKS, runs);
        try {
            System.out.println((usedHeap() - before) / CHECKS);
        } finally {
            Reference.reachabilityFence(few);
            Reference.reachabilityFence(many);
        }
        Runtime.getRuntime().halt(0);
    }

    private static Contender started(String name, int checks, int runs) throws Exception {
        Contender contender = Contenders.named(name);
        contender.start(Workload.healthy(checks));
        for (int i = 0; i < runs; i++) {
            Object unused = contender.report();
        }
        return contender;
    }

    /** After so many collections that finalizers and references have been dealt with, too. */
    private static long usedHeap() {
        for (int i = 0; i < 5; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
