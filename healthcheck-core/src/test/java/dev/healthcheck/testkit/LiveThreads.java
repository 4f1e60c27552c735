package dev.healthcheck.testkit;

import static java.util.stream.Collectors.toSet;

import java.util.Set;

/** The threads of registries that are alive now, less those that were before. */
public final class LiveThreads {
    private final Set<Thread> before = all();

    public Set<Thread> since() {
        Set<Thread> now = all();
        now.removeAll(before);
        return now;
    }

    private static Set<Thread> all() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("healthcheck-"))
                .collect(toSet());
    }
}
