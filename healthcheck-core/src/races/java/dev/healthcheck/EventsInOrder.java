package dev.healthcheck;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;

import java.util.ArrayList;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LLL_Result;

/** R15c: two add events at once: none is lost, each one's come in order, and one at a time. */
@JCStressTest
@Outcome(id = "true, true, 4", expect = ACCEPTABLE, desc = "in order")
@State
public class EventsInOrder {
    private final EventDispatcher events = new EventDispatcher(Runnable::run, new RaceTime());
    /** Needs no lock: only one thread delivers at a time. */
    private final List<String> delivered = new ArrayList<>();

    @Actor
    public void one() {
        events.say(log -> delivered.add("a1"));
        events.say(log -> delivered.add("a2"));
    }

    @Actor
    public void other() {
        events.say(log -> delivered.add("b1"));
        events.say(log -> delivered.add("b2"));
    }

    @Arbiter
    public void look(LLL_Result r) {
        r.r1 = delivered.indexOf("a1") < delivered.indexOf("a2");
        r.r2 = delivered.indexOf("b1") < delivered.indexOf("b2");
        r.r3 = delivered.size();
    }
}
