package dev.healthcheck;

/** Does something from each of the last frames that the stack of a thread has room for. Not thread-safe. */
final class NarrowStack {
    private static final int FRAMES = 300;
    private static final long SIZE = 256 * 1024;

    private final Runnable action;
    private int refused;

    private NarrowStack(Runnable action) {
        this.action = action;
    }

    /** Returns how many times {@code action} met the end of the stack. */
    static int overflows(Runnable action) throws InterruptedException {
        NarrowStack stack = new NarrowStack(action);
        Thread caller = new Thread(null, () -> stack.descend(Integer.MAX_VALUE), "narrow", SIZE);
        caller.start();
        caller.join();
        return stack.refused;
    }

    /** Returns how many frames there were below. */
    private int descend(int atMost) {
        int below = 0;
        if (atMost > 0) {
            try {
                below = 1 + descend(atMost - 1);
            } catch (StackOverflowError e) {
                below = 0;
            }
        }
        if (below < FRAMES) {
            try {
                action.run();
            } catch (StackOverflowError e) {
                refused++;
            }
        }
        return below;
    }
}
