package dev.healthcheck;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A fleet behind a balancer, in virtual time. Each instance has a real registry. The database, the balancer and the
 * orchestrator that restarts what is not alive are as simple as can be; the network loses and delays nothing.
 */
final class FleetSimulation {
    /** Failed liveness probes in a row after which the orchestrator restarts a process. */
    private static final int DEAD = 3;
    /** How long a probe takes; the balancer counts its interval from the end of one to the begin of the next. */
    private static final long PROBE = Duration.ofMillis(2).toNanos();

    private final FleetSettings settings;
    private final FleetAgenda agenda = new FleetAgenda();
    private final FleetBalancer balancer;
    private final FleetTally tally;
    private final long goesAway;
    private final long returns;
    private final long end;
    private long requests;
    private int restarts;

    private FleetSimulation(FleetSettings settings) {
        this.settings = settings;
        balancer = new FleetBalancer(settings.probing());
        goesAway = settings.course().before().toNanos();
        returns = goesAway + settings.course().outage().toNanos();
        end = returns + settings.course().after().toNanos();
        tally = new FleetTally(returns);
    }

    /** Returns the same result for the same settings. */
    static FleetResult run(FleetSettings settings) {
        FleetSimulation simulation = new FleetSimulation(settings);
        simulation.plan();
        simulation.agenda.runUntil(simulation.end);
        return simulation.tally.result(simulation.restarts);
    }

    private void plan() {
        Random random = new Random(settings.seed());
        for (int i = 0; i < settings.instances(); i++) {
            FleetMember member = balancer.add(start());
            agenda.add(
                    (long) (random.nextDouble() * settings.probing().interval().toNanos()), () -> probe(member));
        }
        List<FleetMember> some = balancer.members().subList(0, settings.restarted());
        agenda.add(goesAway + settings.course().restartAfter().toNanos(), () -> some.forEach(this::restart));
        agenda.add(0, this::request);
    }

    private FleetInstance start() {
        return new FleetInstance(settings.policy(), this::databaseAnswers, agenda.now());
    }

    private boolean databaseAnswers() {
        return agenda.now() < goesAway || agenda.now() >= returns;
    }

    private void probe(FleetMember member) {
        FleetInstance process = member.process;
        balancer.probed(member, process != null && process.answers(Probe.READINESS, agenda.now()));
        if (process != null) {
            member.notAlive = process.answers(Probe.LIVENESS, agenda.now()) ? 0 : member.notAlive + 1;
            if (member.notAlive >= DEAD) {
                restart(member);
            }
        }
        agenda.add(agenda.now() + PROBE + settings.probing().interval().toNanos(), () -> probe(member));
    }

    /** Stops a process in the order of the documentation, and starts the next. */
    private void restart(FleetMember member) {
        FleetInstance process = member.process;
        if (process != null && !member.isRestarting) {
            restarts++;
            member.isRestarting = true;
            process.drain(agenda.now());
            agenda.add(agenda.now() + settings.course().drain().toNanos(), () -> {
                process.close(agenda.now());
                member.process = null;
            });
            agenda.add(agenda.now() + settings.course().restart().toNanos(), () -> {
                member.process = start();
                member.notAlive = 0;
                member.isRestarting = false;
            });
        }
    }

    private void request() {
        tally.count(answerTo(requests++, balancer.choose()), agenda.now());
        agenda.add(Duration.ofSeconds(requests).toNanos() / settings.rate(), this::request);
    }

    private static FleetAnswer answerTo(long request, @Nullable FleetMember member) {
        if (member == null || member.process == null) {
            return FleetAnswer.FAILED;
        }
        return isOrder(request) ? member.process.order() : member.process.price();
    }

    /**
     * Half of the requests are orders: the fraction of their number times the golden ratio is below one half. So each
     * instance gets half of each kind, however many instances there are.
     */
    private static boolean isOrder(long request) {
        return request * 0x9E3779B97F4A7C15L >= 0;
    }
}
