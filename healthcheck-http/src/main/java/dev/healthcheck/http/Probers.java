package dev.healthcheck.http;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Tells kinds of clients from each other. The kinds are few and fixed, because they become labels of metrics. */
final class Probers {
    /** The kind by a part of the {@code User-Agent} in lower case. */
    private static final Map<String, String> KINDS = new LinkedHashMap<>();

    static {
        KINDS.put("kube-probe/", "kube-probe");
        KINDS.put("elb-healthchecker/", "elb");
        KINDS.put("googlehc/", "gcp");
        KINDS.put("consul", "consul");
        KINDS.put("haproxy", "haproxy");
        KINDS.put("blackbox", "blackbox");
        KINDS.put("spring-boot-admin", "spring-boot-admin");
    }

    private Probers() {}

    static String kind(HealthRequest request) {
        String agent = request.header("User-Agent");
        if (agent != null) {
            String lower = agent.toLowerCase(Locale.ROOT);
            for (Map.Entry<String, String> kind : KINDS.entrySet()) {
                if (lower.contains(kind.getKey())) {
                    return kind.getValue();
                }
            }
        }
        if (request.header("X-Haproxy-Server-State") != null) {
            return "haproxy";
        }
        String accepted = request.header("Accept");
        if (accepted != null && accepted.contains("application/vnd.spring-boot.actuator.v1+json")) {
            return "spring-boot-admin"; // its User-Agent is that of its HTTP client
        }
        return request.header("Sec-Fetch-Mode") != null || request.header("Upgrade-Insecure-Requests") != null
                ? "browser"
                : "other";
    }
}
