package dev.healthcheck.checks;

import dev.healthcheck.CheckOptions;
import dev.healthcheck.CheckResult;
import dev.healthcheck.Deadline;
import dev.healthcheck.HealthCheck;
import java.io.IOException;
import java.time.Duration;

/** A check of another server: a dependency. It ends by itself, and its reason names what failed on the way. */
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
            return failed(e);
        }
    }

    static CheckResult failed(IOException cause) {
        return CheckResult.down(cause).withReason(NetworkFailure.reason(cause));
    }
}
