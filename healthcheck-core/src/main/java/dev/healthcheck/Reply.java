package dev.healthcheck;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The future of a caller that does not wait. A worker completes it, once, when the answers are complete or the time for
 * them is over. Its alarm stays set until then, so that no reply is forgotten.
 */
final class Reply<T> implements Runnable {
    private final RegistryContext context;
    private final Supplier<T> answer;
    private final CompletableFuture<T> given = new CompletableFuture<>();
    private final AtomicBoolean begun = new AtomicBoolean();
    private final Timer.Alarm alarm;
    private boolean failed;
    private @Nullable Reply<?> next;

    Reply(RegistryContext context, Supplier<T> answer) {
        this.context = context;
        this.answer = answer;
        alarm = context.timer().alarm(this::giveSoon);
    }

    CompletableFuture<T> given() {
        return given;
    }

    /** Gives it at {@code at} at the latest. */
    void giveBy(long at) {
        alarm.callBy(at);
    }

    /** Puts {@code others} behind this. Returns this. */
    Reply<?> before(@Nullable Reply<?> others) {
        next = others;
        return this;
    }

    /** Gives this and those behind it. */
    @Override
    public void run() {
        for (Reply<?> each = this; each != null; each = each.next) {
            each.give();
        }
    }

    /** Gives it now, on this thread, if nobody has begun to. */
    void give() {
        if (!begun.compareAndSet(false, true)) {
            return;
        }
        T found;
        try {
            found = answer.get();
        } catch (Throwable t) { // for want of memory, perhaps only for a moment
            tryAgain(t);
            return;
        }
        alarm.close();
        given.complete(found);
    }

    private void tryAgain(Throwable why) {
        if (failed || context.isClosed()) {
            alarm.close();
            given.completeExceptionally(why);
        } else {
            failed = true;
            begun.set(false);
            alarm.callBy(context.nanos() + RegistryContext.RETRY_AFTER);
        }
    }

    /** Gives this and those behind it as soon as there is a worker. Never throws. */
    void giveSoon() {
        try {
            context.soon(this);
        } catch (Throwable t) { // no memory to put it into the queue
            long later = context.nanos() + RegistryContext.RETRY_AFTER;
            for (Reply<?> each = this; each != null; each = each.next) {
                each.alarm.callBy(later);
            }
            if (context.isClosed()) { // no alarm comes any more
                run();
            }
        }
    }
}
