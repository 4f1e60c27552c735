package dev.healthcheck.orchestrators;

import java.time.Duration;

/** Asks a container one question. */
interface Prober {
    /** The limit of what a kubelet reads, in bytes. */
    int LIMIT = 10 * 1024;

    Answer ask(Duration timeout) throws InterruptedException;

    /**
     * What a prober learned.
     *
     * @param output what it read, or why it read nothing
     */
    record Answer(boolean success, String output, Duration took) {
        static final String TIMEOUT = "timeout";

        boolean isTimeout() {
            return output.equals(TIMEOUT);
        }
    }
}
