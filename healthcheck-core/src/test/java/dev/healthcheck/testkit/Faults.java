package dev.healthcheck.testkit;

import dev.healthcheck.AsyncHealthCheck;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;

/**
 * Checks that do what checks must not do, and what one day they will. Each is one fault and nothing else; those that
 * block take a latch, by which the test lets them go. See also {@link Hang}.
 */
public final class Faults {
    private Faults() {}

    /** One of each kind of what may be thrown. */
    public static Throwable[] throwables() {
        return new Throwable[] {
            new IllegalStateException("bad"),
            new IOException("gone"),
            new InterruptedException("interrupted"),
            new StackOverflowError(),
            new OutOfMemoryError("pretended"),
            new NoClassDefFoundError("com/example/Driver"),
            new Error("as an agent might throw to end a thread"),
            new AssertionError("not so"),
            new Throwable("neither one nor the other")
        };
    }

    /** An exception that throws when it is asked for its message, and when it is printed. */
    public static RuntimeException unspeakable() {
        return new Unspeakable();
    }

    /** Throws {@code thrown}, also if it is what {@link HealthCheck#check()} does not declare. */
    public static HealthCheck throwing(Throwable thrown) {
        return () -> {
            throw Faults.<RuntimeException>sneaky(thrown);
        };
    }

    /** Recurses until the stack is full. */
    public static HealthCheck recursing() {
        return () -> CheckResult.up().withDetail("depth", depth(0));
    }

    /** Takes that long, interrupted or not, and is up. */
    public static HealthCheck slow(Duration duration) {
        return doing(() -> takeTime(duration));
    }

    /** Holds the thread that long, interrupted or not. For code that is slow, never to wait for something. */
    public static void takeTime(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        for (long left = duration.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    public static HealthCheck returningNull() {
        return () -> null;
    }

    /** Finds what is given, one run after the other, over and over. */
    public static HealthCheck flapping(CheckResult... results) {
        AtomicInteger runs = new AtomicInteger();
        return () -> results[runs.getAndIncrement() % results.length];
    }

    /** Starts a thread at each run, which stays until {@code end}. */
    public static HealthCheck leakingThreads(CountDownLatch end) {
        return () -> {
            Thread leaked = new Thread(() -> awaitUninterruptibly(end), "leaked by a check");
            leaked.setDaemon(true);
            leaked.start();
            return CheckResult.up();
        };
    }

    /** Does something foreign within its run, such as to call the registry, and is up. */
    public static HealthCheck doing(Runnable action) {
        return () -> {
            action.run();
            return CheckResult.up();
        };
    }

    /** Throws before there is a stage. */
    public static AsyncHealthCheck throwingAsync(Throwable thrown) {
        return () -> {
            throw Faults.<RuntimeException>sneaky(thrown);
        };
    }

    public static AsyncHealthCheck noStage() {
        return () -> null;
    }

    /** Returns this stage each time: never complete, completed by the test, failed, or complete with null. */
    public static AsyncHealthCheck stage(CompletionStage<CheckResult> stage) {
        return () -> stage;
    }

    /** A stage that is not complete before somebody completes {@code source}, and cannot be cancelled. */
    public static AsyncHealthCheck uncancellable(CompletableFuture<CheckResult> source) {
        return source::minimalCompletionStage;
    }

    /** Completes its stage on a thread of its own. */
    public static AsyncHealthCheck onForeignThread(CheckResult result) {
        return () -> {
            CompletableFuture<CheckResult> stage = new CompletableFuture<>();
            Thread foreign = new Thread(() -> stage.complete(result), "foreign to the registry");
            foreign.setDaemon(true);
            foreign.start();
            return stage;
        };
    }

    /** Tells whoever listens twice: of {@code first}, and then of a failure. */
    public static AsyncHealthCheck completingTwice(CheckResult first, Throwable second) {
        return listenedToBy(listener -> {
            listener.accept(first, null);
            listener.accept(null, second);
        });
    }

    /** Its stage throws when it is listened to. */
    public static AsyncHealthCheck refusingListeners() {
        return listenedToBy(listener -> {
            throw new UnsupportedOperationException("no listeners");
        });
    }

    /** Its stage holds the thread that wants to listen to it until {@code end}. */
    public static AsyncHealthCheck blockingListeners(CountDownLatch end) {
        return listenedToBy(listener -> awaitUninterruptibly(end));
    }

    /** Waits as a driver might that knows better than to be interrupted. */
    public static void awaitUninterruptibly(CountDownLatch end) {
        while (end.getCount() > 0) {
            try {
                end.await();
            } catch (InterruptedException e) {
                // not now
            }
        }
    }

    private static AsyncHealthCheck listenedToBy(Listening listening) {
        return () -> new OddStage(listening);
    }

    @SuppressWarnings("InfiniteRecursion")
    private static int depth(int at) {
        return depth(at + 1) + 1;
    }

    /** Throws what the compiler does not want to see thrown. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException sneaky(Throwable thrown) throws T {
        throw (T) thrown;
    }

    private interface Listening {
        void to(BiConsumer<? super CheckResult, ? super Throwable> listener);
    }

    /** A stage of a foreign class, of which only that is seen which the registry uses. */
    private static final class OddStage extends CompletableFuture<CheckResult> {
        private final Listening listening;

        OddStage(Listening listening) {
            this.listening = listening;
        }

        @Override
        public CompletableFuture<CheckResult> whenComplete(BiConsumer<? super CheckResult, ? super Throwable> action) {
            listening.to(action);
            return this;
        }

        @Override
        public CompletionStage<CheckResult> minimalCompletionStage() {
            return this;
        }
    }

    private static final class Unspeakable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new UnsupportedOperationException("no words");
        }

        @Override
        public String toString() {
            throw new UnsupportedOperationException("no words");
        }
    }
}
