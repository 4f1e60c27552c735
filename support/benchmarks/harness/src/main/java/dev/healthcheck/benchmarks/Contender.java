package dev.healthcheck.benchmarks;

import jakarta.servlet.Servlet;
import java.util.Map;

/** A way to do health checks, of which one is in use in a JVM. Found as a service. */
public interface Contender {
    /**
     * Returns the name of the contender in the results.
     *
     * @return a short name, of letters and hyphens
     */
    String name();

    /**
     * Sets it up. To be called once, before all else.
     *
     * @param checks by name
     * @throws Exception if that fails
     */
    void start(Map<String, Check> checks) throws Exception;

    /**
     * Asks all checks.
     *
     * @return whatever the contender says of them
     */
    Object report();

    /**
     * Asks all checks.
     *
     * @return what {@link #report()} says, as its JSON
     * @throws Exception if that fails
     */
    byte[] json() throws Exception;

    /**
     * Answers over HTTP at {@link #path()}.
     *
     * @param others by path, to be mounted beside it
     * @return the port
     * @throws Exception if that fails
     */
    int serve(Map<String, Servlet> others) throws Exception;

    /**
     * Where it answers.
     *
     * @return an absolute path
     */
    String path();
}
