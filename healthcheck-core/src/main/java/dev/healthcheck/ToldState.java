package dev.healthcheck;

import java.util.LinkedHashSet;
import java.util.Set;

/** What the listeners have been told, for those that are added later. Used by the delivering thread only. */
final class ToldState {
    private final Set<String> checks = new LinkedHashSet<>();

    void begin(String check) {
        checks.add(check);
    }

    void end(String check) {
        checks.remove(check);
    }

    /** Returns the names of the checks that are registered, in the order of registration. */
    String[] checks() {
        return checks.toArray(new String[0]);
    }
}
