package dev.healthcheck.benchmarks;

/** A check as every contender can have it: healthy unless it throws. */
@FunctionalInterface
public interface Check {
    /**
     * Runs it.
     *
     * @throws Exception if it is not healthy
     */
    void run() throws Exception;
}
