package dev.healthcheck.restarts;

import java.io.IOException;

/** What distributes requests to instance 0 and instance 1. */
interface Balancer {
    /** Waits until the balancer gives the instance no more traffic. */
    void awaitDown(int which) throws InterruptedException;

    /** Waits until the balancer gives the instance traffic. */
    void awaitUp(int which) throws IOException, InterruptedException;
}
