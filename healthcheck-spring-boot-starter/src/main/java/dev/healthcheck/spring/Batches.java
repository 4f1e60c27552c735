package dev.healthcheck.spring;

import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthCheckRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One question to the registry for all checks of an answer of Actuator, which asks indicator by indicator on one thread.
 * Thread-safe.
 *
 * <p>Spring's order of calls for an answer is: {@code stream()} of a registry or composite, then for each indicator of it
 * {@code group.isMember(path)} and {@code health()}. So {@link #open} begins a batch, the first {@link #ask} asks for all
 * members of the group, and {@link #take} takes one answer. A question for one indicator has no {@code stream()}, and
 * nothing else runs.
 *
 * <p>A batch belongs to the thread of one answer. The next answer on that thread begins with {@link #open} or
 * {@link #end}, so it never meets what an answer that broke off has left behind. Nor do callers other than Spring's
 * endpoint, as a batch ends when nobody has used it for a second.
 */
final class Batches {
    private static final long FORGOTTEN = Duration.ofSeconds(1).toNanos();

    private final HealthCheckRegistry registry;

    @SuppressWarnings("ThreadLocalUsage") // a batch belongs to one application context, too
    private final ThreadLocal<@Nullable Batch> current = new ThreadLocal<>();

    Batches(HealthCheckRegistry registry) {
        this.registry = registry;
    }

    /** Begins a batch for everything below {@code prefix}; ends that of an earlier answer on this thread. */
    void open(String prefix) {
        current.set(new Batch(prefix));
    }

    /**
     * Begins a batch for everything below {@code prefix}, unless the batch of this thread includes that. Returns whether it
     * is a new batch.
     */
    boolean include(String prefix) {
        Batch batch = current.get();
        boolean isNew = batch == null || !prefix.startsWith(batch.prefix);
        if (isNew) {
            open(prefix);
        }
        return isNew;
    }

    /** Ends the batch of this thread. */
    void end() {
        current.remove();
    }

    /** Asks for all checks of the batch of this thread, if it has not been asked yet. Does not wait. */
    void ask(Function<String, Collection<String>> namesBelow) {
        Batch batch = current.get();
        if (batch != null && batch.question == null) {
            batch.question = registry.checkAsync(namesBelow.apply(batch.prefix));
        }
    }

    /** Takes an answer out of the batch of this thread, and waits for it; null if it is not part of the batch. */
    @Nullable
    CheckReport take(String name) {
        Batch batch = current.get();
        if (batch == null || batch.question == null) {
            return null;
        }
        CheckReport taken = batch.take(batch.question, name);
        if (batch.isOver()) {
            end();
        }
        return taken;
    }

    /** Confined to one thread. */
    private static final class Batch {
        final String prefix;

        @Nullable
        CompletableFuture<List<CheckReport>> question;

        private @Nullable Map<String, CheckReport> answers;
        private long used = System.nanoTime();

        Batch(String prefix) {
            this.prefix = prefix;
        }

        @Nullable
        CheckReport take(CompletableFuture<List<CheckReport>> asked, String name) {
            if (System.nanoTime() - used > FORGOTTEN) {
                answers = new HashMap<>();
            } else if (answers == null) {
                answers = byName(asked.join());
            }
            used = System.nanoTime();
            return answers.remove(name);
        }

        private static Map<String, CheckReport> byName(List<CheckReport> reports) {
            Map<String, CheckReport> named = new HashMap<>();
            reports.forEach(report -> named.put(report.name(), report));
            return named;
        }

        boolean isOver() {
            return answers != null && answers.isEmpty();
        }
    }
}
