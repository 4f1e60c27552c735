package dev.healthcheck.benchmarks;

/** Something that is measured of several contenders. */
interface Scenario {
    /** As it is called on the command line, in the results and in the page of results. */
    String name();

    /** Whether the page has a plot of the first metric, which then has one unit for all. */
    default boolean isPlotted() {
        return true;
    }

    void measure(Settings settings, Results results) throws Exception;
}
