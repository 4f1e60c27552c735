package dev.healthcheck.benchmarks;

import java.util.ServiceLoader;

/** Those on the class path. */
public final class Contenders {
    private Contenders() {}

    /**
     * The one of that name.
     *
     * @param name what it calls itself
     * @return a new one
     */
    public static Contender named(String name) {
        return ServiceLoader.load(Contender.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(contender -> contender.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalArgumentException("contender: " + name + " (expected: on the class path)"));
    }
}
