package dev.healthcheck.http;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Answers the requests that a loop has read. The loop's only thread calls it, so it neither blocks nor runs foreign code. */
interface RequestHandler {

    /** Returns a future that any thread may complete. The loop cancels it if it gives up. */
    CompletableFuture<HealthResponse> answer(RequestHead request, InetAddress client);

    /** Returns the answer to a request whose future was not complete in time, or failed. */
    HealthResponse lastResort(RequestHead request);

    /** Returns how long the loop waits for a future. */
    Duration patience();
}
