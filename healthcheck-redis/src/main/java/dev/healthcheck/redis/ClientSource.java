package dev.healthcheck.redis;

import dev.healthcheck.Deadline;

/** Provides the connection by the client that the application uses now. Thread-safe. */
interface ClientSource {

    /**
     * Returns the provider of the present client. Blocks while the application's supplier of clients does.
     *
     * @throws Exception if there is no client
     */
    ConnectionProvider current(Deadline deadline) throws Exception;

    /** Closes the connection that was opened for the check, without waiting. */
    void close();

    /** Always provides the connection of the same client. */
    static ClientSource of(ConnectionProvider only) {
        return new ClientSource() {
            @Override
            public ConnectionProvider current(Deadline deadline) {
                return only;
            }

            @Override
            public void close() {
                only.close();
            }
        };
    }
}
