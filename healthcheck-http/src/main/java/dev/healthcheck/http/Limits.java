package dev.healthcheck.http;

import java.util.List;

/** The limits of what an answer writes of a check's texts, details and stack, whatever its form. */
final class Limits {
    /** The limit of all details of a check together. {@link #CUT} stands for the rest. */
    static final int DETAIL_CHARACTERS = 20_000;

    /** Counted for each value in addition to its text, so that many small values are bounded, too. */
    static final int CHARACTERS_PER_VALUE = 4;

    static final String CUT = "\u2026";

    private static final int STACK_FRAMES = 100;

    private Limits() {}

    /** Returns the innermost frames of {@code stack}. */
    static List<StackTraceElement> frames(List<StackTraceElement> stack) {
        return stack.subList(0, Math.min(STACK_FRAMES, stack.size()));
    }
}
