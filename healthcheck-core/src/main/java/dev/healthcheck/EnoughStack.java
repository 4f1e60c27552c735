package dev.healthcheck;

/**
 * Makes a caller whose stack is nearly exhausted fail before anything of ours is changed, or a class of ours is
 * initialized, which happens once. What follows on the caller's thread needs a fraction of what is asked for here.
 */
final class EnoughStack {
    private static final int DEPTH = 256;

    private EnoughStack() {}

    /**
     * Returns if there is enough.
     *
     * @throws StackOverflowError if there is not
     */
    static void require() {
        if (reach(DEPTH, 0, 0, 0) != DEPTH) {
            throw new AssertionError("a frame was left out");
        }
    }

    private static long reach(int depth, long a, long b, long c) {
        return depth == 0 ? a : 1 + reach(depth - 1, b, c, a);
    }
}
