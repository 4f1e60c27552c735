package dev.healthcheck.benchmarks;

/**
 * Decides how thoroughly to measure.
 *
 * @param quick in a few minutes, to see whether all is well
 */
record Settings(boolean quick) {
    /** One number for those in a hurry, another for those who want to know. */
    int either(int hurried, int thorough) {
        return quick ? hurried : thorough;
    }
}
