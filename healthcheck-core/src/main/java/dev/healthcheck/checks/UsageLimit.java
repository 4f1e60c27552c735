package dev.healthcheck.checks;

import dev.healthcheck.CheckResult;

/** The share of a limited resource that may be in use. */
final class UsageLimit {
    private final double most;

    UsageLimit(double most) {
        Arguments.require(most > 0 && most < 1, "share", most, "> 0 and < 1");
        this.most = most;
    }

    CheckResult judge(long used, long limit, String what, String reason) {
        CheckResult result = used <= most * limit
                ? CheckResult.up()
                : CheckResult.down(used + " of " + limit + " " + what).withReason(reason);
        return result.withDetail("used", used).withDetail("limit", limit).withDetail("share", most);
    }
}
