package dev.healthcheck.soak;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.healthcheck.CheckOptions;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Probe;
import dev.healthcheck.Registration;
import dev.healthcheck.soak.Usage.Measure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Hundreds of checks that do all that a check can do, come and go, and are asked all the time, in the process and over
 * HTTP; registries that are made and closed. In the end the last quarter must not use more than the first did.
 */
public final class Soak {
    private static final int CHECKS = 300;
    private static final List<Probe> PROBES = List.of(Probe.values());
    private static final int ASKING = 4;
    private static final int SAMPLES = 40;
    private static final Duration BUDGET = Duration.ofMillis(900);

    private final AtomicLong asked = new AtomicLong();
    private final AtomicLong registered = new AtomicLong();
    private final AtomicLong registries = new AtomicLong();
    private final AtomicLong late = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final HealthCheckRegistry health =
            HealthCheckRegistry.builder().answerWithin(BUDGET).build();
    private final List<Registration> registrations = new ArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);

    private Soak() {}

    /**
     * Runs, prints a table, and exits with 1 if anything has grown.
     *
     * @param args for how long: {@code 10m}, which is what is meant if nothing is said, or {@code 90s}
     * @throws Exception if that is not possible
     */
    public static void main(String[] args) throws Exception {
        Duration length = Duration.parse("PT" + (args.length == 0 ? "10m" : args[0]));
        System.exit(new Soak().soak(length) ? 0 : 1);
    }

    private boolean soak(Duration length) throws Exception {
        for (int i = 0; i < CHECKS; i++) {
            registrations.add(register(i));
        }
        ExecutorService actors = Executors.newCachedThreadPool();
        for (int i = 0; i < ASKING; i++) {
            actors.execute(untilOver(this::ask));
        }
        actors.execute(untilOver(this::replaceOne));
        actors.execute(untilOver(this::openAndClose));
        Server server = new Server(health);
        try {
            actors.execute(untilOver(() -> asked.addAndGet(server.ask())));
            return sample(length);
        } finally {
            over.countDown();
            actors.shutdown();
            server.stop();
            health.close();
        }
    }

    private Runnable untilOver(Task task) {
        return () -> {
            try {
                while (over.getCount() > 0) {
                    task.run();
                }
            } catch (Throwable t) {
                failure.compareAndSet(null, t);
            }
        };
    }

    /** The first fifth warms up and does not count. */
    private boolean sample(Duration length) throws InterruptedException {
        List<Usage> usages = new ArrayList<>();
        System.out.println("   after        heap  threads    files  classes");
        for (int i = 1; i <= SAMPLES; i++) {
            if (over.await(length.toMillis() / SAMPLES, MILLISECONDS)) {
                break;
            }
            Usage usage = Usage.now();
            System.out.printf(Locale.ROOT, "%6d s %s%n", length.toSeconds() * i / SAMPLES, usage);
            if (i > SAMPLES / 5) {
                usages.add(usage);
            }
        }
        return verdict(usages);
    }

    private boolean verdict(List<Usage> usages) {
        System.out.printf(
                Locale.ROOT,
                "%,d questions, %,d late; %,d checks and %,d registries came and went%n",
                asked.get(),
                late.get(),
                registered.get(),
                registries.get());
        boolean sound = true;
        int quarter = usages.size() / 4;
        for (Measure measure : Measure.ALL) {
            double before = mean(usages.subList(0, quarter), measure);
            double after = mean(usages.subList(usages.size() - quarter, usages.size()), measure);
            boolean grown = measure.hasGrown(before, after);
            sound &= !grown;
            System.out.printf(
                    Locale.ROOT,
                    "%-8s first quarter %,.0f, last quarter %,.0f, may grow by %.0f %% and %,d: %s%n",
                    measure.name(),
                    before,
                    after,
                    100 * measure.share(),
                    measure.margin(),
                    grown ? "HAS GROWN" : "sound");
        }
        Throwable thrown = failure.get();
        if (thrown != null) {
            thrown.printStackTrace(System.out);
        }
        return sound && thrown == null;
    }

    private static double mean(List<Usage> usages, Measure measure) {
        return usages.stream().mapToLong(measure.of()).average().orElseThrow();
    }

    private void ask() {
        long begin = System.nanoTime();
        var report = health.check(PROBES.get(ThreadLocalRandom.current().nextInt(PROBES.size())));
        if (report.checks().isEmpty()) {
            throw new AssertionError("a report without checks");
        }
        if (System.nanoTime() - begin > SECONDS.toNanos(1)) {
            late.incrementAndGet();
        }
        asked.incrementAndGet();
        pause(5);
    }

    private void replaceOne() {
        int index = ThreadLocalRandom.current().nextInt(CHECKS);
        registrations.get(index).close();
        registrations.set(index, register(index));
        pause(10);
    }

    private Registration register(int index) {
        registered.incrementAndGet();
        Behaviour behaviour = Behaviour.any();
        return health.register("check-" + index, behaviour.check(), o -> options(o, index));
    }

    private static CheckOptions options(CheckOptions options, int index) {
        CheckOptions chosen = options.timeout(Duration.ofMillis(50)).failureThreshold(1 + index % 3);
        CheckOptions timed =
                index % 4 == 0 ? chosen.every(Duration.ofMillis(500)) : chosen.cacheFor(Duration.ofMillis(100));
        return timed.probes(PROBES.get(index % PROBES.size()));
    }

    private void openAndClose() {
        try (var other = HealthCheckRegistry.create()) {
            for (Behaviour behaviour : Behaviour.values()) {
                var unused = other.register(behaviour.name(), behaviour.check(), o -> o.timeout(Duration.ofMillis(50)));
            }
            var unused = other.check();
        }
        registries.incrementAndGet();
        pause(100);
    }

    private void pause(long millis) {
        try {
            var unused = over.await(millis, MILLISECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts", e);
        }
    }

    @FunctionalInterface
    private interface Task {
        void run() throws Exception;
    }
}
