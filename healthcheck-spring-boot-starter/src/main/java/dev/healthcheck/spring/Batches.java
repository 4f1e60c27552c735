package dev.healthcheck.spring;

import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthCheckRegistry;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;
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
    private final LongSupplier nanos;

    /** Not a ThreadLocal, whose value would keep the class loader of a stopped application while the thread lives. */
    private final Map<Thread, Batch> current = Collections.synchronizedMap(new WeakHashMap<>());

    Batches(HealthCheckRegistry registry) {
        this(registry, System::nanoTime);
    }

    Batches(HealthCheckRegistry registry, LongSupplier nanos) {
        this.registry = registry;
        this.nanos = nanos;
    }

    /** Begins a batch for everything below {@code prefix}; ends that of an earlier answer on this thread. */
    void open(String prefix) {
        current.put(Thread.currentThread(), new Batch(prefix, nanos));
    }

    /**
     * Begins a batch for everything below {@code prefix}, unless the batch of this thread includes that. Returns whether it
     * is a new batch.
     */
    boolean include(String prefix) {
        Batch batch = current();
        boolean isNew = batch == null || !prefix.startsWith(batch.prefix);
        if (isNew) {
            open(prefix);
        }
        return isNew;
    }

    /** Ends the batch of this thread. */
    void end() {
        current.remove(Thread.currentThread());
    }

    /** Asks for all checks of the batch of this thread, if it has not been asked yet. Does not wait. */
    void ask(Function<String, Members> membersBelow) {
        Batch batch = current();
        if (batch != null && batch.isUnasked()) {
            Members members = membersBelow.apply(batch.prefix);
            batch.asked(members, registry.checkAsync(members.names()));
        }
    }

    /** Takes an answer out of the batch of this thread; null if it is not part of the batch. Does not wait. */
    @Nullable
    Answer take(String name) {
        Batch batch = current();
        Answer taken = batch == null ? null : batch.take(name);
        if (batch != null && batch.isOver()) {
            end();
        }
        return taken;
    }

    private @Nullable Batch current() {
        return current.get(Thread.currentThread());
    }

    /** The answer about one check. */
    static final class Answer {
        private final Batch batch;
        private final CompletableFuture<List<CheckReport>> question;
        private final String name;
        private final int place;

        private Answer(Batch batch, CompletableFuture<List<CheckReport>> question, String name, int place) {
            this.batch = batch;
            this.question = question;
            this.name = name;
            this.place = place;
        }

        boolean isThere() {
            return question.isDone();
        }

        /** Waits for the report; null if there is no such check any more. To be called by the thread of the batch. */
        @Nullable
        CheckReport await() {
            if (question.isDone()) {
                return of(question.join());
            }
            CheckReport report = of(question.join());
            batch.use();
            return report;
        }

        /** Returns what {@link #await()} returns. */
        CompletableFuture<Optional<CheckReport>> later() {
            return question.thenApply(reports -> Optional.ofNullable(of(reports)));
        }

        /** Looks elsewhere only if a check of the question has just been unregistered. */
        private @Nullable CheckReport of(List<CheckReport> reports) {
            CheckReport expected = place < reports.size() ? reports.get(place) : null;
            return expected != null && expected.name().equals(name)
                    ? expected
                    : reports.stream()
                            .filter(report -> report.name().equals(name))
                            .findFirst()
                            .orElse(null);
        }
    }

    /** Confined to one thread. */
    private static final class Batch {
        final String prefix;

        private @Nullable Members members;
        private @Nullable CompletableFuture<List<CheckReport>> question;
        private boolean[] taken = {};
        private int left;
        private final LongSupplier nanos;
        private long used;

        Batch(String prefix, LongSupplier nanos) {
            this.prefix = prefix;
            this.nanos = nanos;
            used = nanos.getAsLong();
        }

        boolean isUnasked() {
            return question == null;
        }

        void asked(Members about, CompletableFuture<List<CheckReport>> asked) {
            members = about;
            question = asked;
            left = about.names().size();
            taken = new boolean[left];
        }

        @Nullable
        Answer take(String name) {
            if (members == null || question == null) {
                return null;
            }
            long before = used;
            use();
            if (used - before > FORGOTTEN) {
                left = 0;
            }
            int place = members.place(name);
            if (left == 0 || place < 0 || taken[place]) {
                return null;
            }
            taken[place] = true;
            left--;
            return new Answer(this, question, name, place);
        }

        void use() {
            used = nanos.getAsLong();
        }

        boolean isOver() {
            return question != null && left == 0;
        }
    }
}
