package dev.healthcheck.checks;

import dev.healthcheck.CheckOptions;
import dev.healthcheck.CheckResult;
import dev.healthcheck.Deadline;
import dev.healthcheck.HealthCheck;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import javax.net.ssl.SSLException;

/** A check of something across the network: a dependency, which ends by itself and says what it met on the way. */
@FunctionalInterface
@SuppressWarnings("FunctionalInterfaceMethodChanged") // either method asks the same question
interface NetworkCheck extends HealthCheck {
    CheckResult ask(Deadline deadline) throws Exception;

    @Override
    default CheckOptions options(CheckOptions defaults) {
        return defaults.dependency();
    }

    @Override
    default CheckResult check() throws Exception {
        return check(Deadline.after(Duration.ofSeconds(1)));
    }

    @Override
    default CheckResult check(Deadline deadline) throws Exception {
        try {
            return ask(Deadline.after(deadline.ownBudget()));
        } catch (IOException e) {
            return CheckResult.down(e).withReason(reason(e));
        }
    }

    private static String reason(IOException failure) {
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
        return failure instanceof SSLException ? "tls" : "disconnected";
    }
}
