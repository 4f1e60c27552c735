package dev.healthcheck;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import dev.healthcheck.CheckReport.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** R15h: changes are merged while others are told: each begins where the last one ended, and the newest is told. */
@JCStressTest
@Outcome(id = "true, true", expect = ACCEPTABLE, desc = "unbroken, and up to date")
@State
public class MergeAgainstDelivery {
    private static final int MOST = 64;

    private final Queue<Runnable> deliveries = new ArrayDeque<>(1);
    private final EventDispatcher events = new EventDispatcher(deliveries::add, new RaceTime());
    private final Outbox outbox = new Outbox("db", CheckOptions.initial(Duration.ofSeconds(1)));
    private final Subject subject =
            new Subject("db", CheckOptions.initial(Duration.ofSeconds(1)), new History(), System::nanoTime);
    /** Needs no lock: only one thread delivers at a time. */
    private final List<StatusChange> told = new ArrayList<>(MOST + 2);

    private final Runnable delivery;
    private int changes;

    public MergeAgainstDelivery() {
        events.addListener(told::add);
        for (int i = 0; i < MOST; i++) {
            change();
        }
        delivery = deliveries.remove();
    }

    private void change() {
        Verdict before = changes == 0 ? null : verdict(changes);
        changes++;
        events.changed(outbox, before, new CheckReport(subject, verdict(changes), true), Instant.EPOCH, 0, false);
    }

    private static Verdict verdict(int number) {
        return Verdict.none(number % 3 == 0 ? Status.UP : Status.DOWN, "reason-" + number, "");
    }

    @Actor
    public void happen() {
        change();
        change();
    }

    @Actor
    public void deliver() {
        delivery.run();
    }

    @Arbiter
    public void look(ZZ_Result r) {
        deliveries.forEach(Runnable::run);
        r.r1 = IntStream.range(1, told.size())
                .allMatch(i -> told.get(i).from() == told.get(i - 1).to());
        r.r2 = ("reason-" + changes).equals(told.get(told.size() - 1).reason());
    }
}
