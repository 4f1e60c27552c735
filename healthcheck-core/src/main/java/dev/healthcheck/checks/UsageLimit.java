package dev.healthcheck.checks;

import dev.healthcheck.CheckResult;
import java.util.function.LongFunction;

/** The share of a limited resource that may be in use. */
final class UsageLimit {
    private final double most;

    UsageLimit(double most) {
        Arguments.require(most > 0 && most < 1, "share", most, "> 0 and < 1");
        this.most = most;
    }

    /** {@code words} writes both numbers for people. */
    CheckResult judge(long used, long limit, LongFunction<String> words, String what, String reason) {
        CheckResult result = used <= most * limit
                ? CheckResult.up()
                : CheckResult.down(words.apply(used) + " of " + words.apply(limit) + " " + what)
                        .withReason(reason);
        return result.withDetail("used", used).withDetail("limit", limit).withDetail("share", most);
    }
}
