package dev.healthcheck.hosts;

import dev.healthcheck.http.HealthEndpoint;

/** A server with an adapter. It has as few threads as it can have. */
interface Host {
    /** Starts the server on loopback and returns its port. */
    int start(HealthEndpoint endpoint) throws Exception;

    void stop() throws Exception;
}
