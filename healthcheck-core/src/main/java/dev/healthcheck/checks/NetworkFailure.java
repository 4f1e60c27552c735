package dev.healthcheck.checks;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/** Maps what the JDK throws on the way to a server to a reason. {@link NetworkChecks} documents the reasons. */
final class NetworkFailure {
    private NetworkFailure() {}

    static String reason(IOException failure) {
        if (failure instanceof UnknownHostException) {
            return "unknown-host";
        }
        if (failure instanceof ConnectException) {
            return "refused";
        }
        if (failure instanceof NoRouteToHostException) {
            return "unreachable";
        }
        if (failure instanceof SocketTimeoutException) {
            return "timeout";
        }
        if (failure instanceof InvalidAnswerException) {
            return "invalid";
        }
        boolean reset = failure.getCause() instanceof SocketException; // TLS wraps it
        return failure instanceof SSLException && !reset ? "tls" : "disconnected";
    }
}
