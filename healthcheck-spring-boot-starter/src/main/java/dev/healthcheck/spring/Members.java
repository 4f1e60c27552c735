package dev.healthcheck.spring;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The checks that one question asks for, and the place of each in the answer. Not changed once made. */
final class Members {
    private static final int NO_PLACE = -1;

    private final Set<String> names;
    private final Map<String, Integer> places = new HashMap<>();

    /** Takes over {@code names}, which have the order of the answer. */
    Members(Set<String> names) {
        this.names = names;
        names.forEach(name -> places.put(name, places.size()));
    }

    Set<String> names() {
        return names;
    }

    /** Returns the index of {@code name} in the answer; a negative number if the answer does not have it. */
    int place(String name) {
        return places.getOrDefault(name, NO_PLACE);
    }
}
