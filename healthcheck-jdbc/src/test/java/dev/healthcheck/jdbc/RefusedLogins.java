package dev.healthcheck.jdbc;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The number of times that the server refused a pool with the wrong password.
 *
 * @param answers to the prober
 */
record RefusedLogins(PoolKind kind, Route route, @Nullable Duration interval, long logins, List<Answer> answers)
        implements PoolTable.Pool {

    /** The application asks once, at the begin. */
    static List<RefusedLogins> of(FaultyServer server, List<PoolKind> kinds, Duration interval, Duration time)
            throws Exception {
        PoolSubjects.Plan plan = PoolSubjects.Plan.of(kinds, List.of(interval))
                .with(settings -> settings.sized(PoolSubjects.SIZE, 0).withPassword("wrong"));
        try (PoolSubjects subjects = PoolSubjects.open(server, plan)) {
            for (PoolSubject subject : subjects.guarded()) {
                subject.register(subjects.registry, null);
                subject.startProber(subjects.registry);
            }
            long end = System.nanoTime() + time.toNanos();
            subjects.together(subjects.all, PoolSubject::requestInVain);
            PoolTrial.pause(end - System.nanoTime());
            return subjects.together(
                    subjects.all,
                    subject -> new RefusedLogins(
                            subject.kind,
                            subject.settings.route(),
                            subject.interval,
                            server.refusedLogins(subject.user()),
                            List.copyOf(subject.answers)));
        }
    }
}
