package dev.healthcheck.redis;

import dev.healthcheck.CheckResult;
import java.time.Duration;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The fields of INFO, of a section of it, or of CLUSTER INFO, and the rules that judge them. */
final class Info {
    private static final String ALL_SLOTS = "16384";

    private final Map<String, String> fields;

    private Info(Map<String, String> fields) {
        this.fields = fields;
    }

    static CheckResult judge(String text, Function<Info, CheckResult> rule) {
        try {
            return rule.apply(of(text));
        } catch (NoSuchElementException | NumberFormatException e) {
            return ErrorReplies.untold(e);
        }
    }

    /** Reads the lines "key:value"; the others are headings. */
    private static Info of(String text) {
        return new Info(text.lines()
                .map(line -> line.split(":", 2))
                .filter(field -> field.length == 2)
                .collect(Collectors.toMap(field -> field[0], field -> field[1], (first, second) -> second)));
    }

    /** Returns the rule for the section "memory". */
    static Function<Info, CheckResult> memoryBelow(double share) {
        return info -> {
            long limit = info.number("maxmemory");
            if (limit == 0 || info.text("maxmemory_policy").startsWith("allkeys-")) {
                return CheckResult.up();
            }
            long used = info.number("used_memory");
            return used <= share * limit
                    ? CheckResult.up()
                    : CheckResult.degraded(used + " of " + limit + " bytes are used (expected: at most " + share + ")")
                            .withReason("memory");
        };
    }

    /** Returns the rule for the section "replication". */
    static Function<Info, CheckResult> replicaWithin(Duration limit) {
        return info -> info.text("role").equals("slave") ? info.replica(limit) : CheckResult.up();
    }

    /** The rule for the section "replication": a replica takes no writes, or loses what it takes. */
    CheckResult master() {
        if (text("role").equals("master")) {
            return CheckResult.up();
        }
        String master = text("master_host") + ":" + text("master_port");
        return CheckResult.down("the server is a replica of " + master).withReason("read-only");
    }

    /** The rule for CLUSTER INFO. The names of the details are those of Spring Boot, which dashboards may know. */
    CheckResult cluster() {
        CheckResult result = clusterState();
        result = withNumber(result, "cluster_size", "cluster_size");
        result = withNumber(result, "slots_up", "cluster_slots_ok");
        return withNumber(result, "slots_fail", "cluster_slots_fail");
    }

    /** A cluster that need not cover all slots says "ok" although some are missing. */
    private CheckResult clusterState() {
        if ("fail".equals(fields.get("cluster_state"))) {
            return CheckResult.down("cluster_state:fail").withReason("cluster-down");
        }
        String slots = fields.getOrDefault("cluster_slots_ok", ALL_SLOTS);
        return slots.equals(ALL_SLOTS)
                ? CheckResult.up()
                : CheckResult.degraded(slots + " of " + ALL_SLOTS
                                + (slots.equals("1") ? " slots is served" : " slots are served"))
                        .withReason("slots");
    }

    /** A proxy may tell anything, and a detail must not change the verdict. */
    private CheckResult withNumber(CheckResult result, String detail, String key) {
        String value = fields.get(key);
        boolean isNumber = value != null && value.matches("\\d{1,18}");
        return isNumber ? result.withDetail(detail, Long.parseLong(value)) : result;
    }

    private CheckResult replica(Duration limit) {
        if (!text("master_link_status").equals("up")) {
            return CheckResult.degraded("the replica has no link to its master").withReason("replica-link");
        }
        var silent = Duration.ofSeconds(number("master_last_io_seconds_ago"));
        return silent.compareTo(limit) <= 0
                ? CheckResult.up()
                : CheckResult.degraded("the replica last heard from its master " + ErrorReplies.text(silent) + " ago")
                        .withReason("replica-lag");
    }

    private long number(String key) {
        return Long.parseLong(text(key));
    }

    private String text(String key) {
        String value = fields.get(key);
        if (value == null) {
            throw new NoSuchElementException("INFO lacks " + key);
        }
        return value;
    }
}
