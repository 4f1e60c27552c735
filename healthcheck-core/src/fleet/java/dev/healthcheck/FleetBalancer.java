package dev.healthcheck;

import dev.healthcheck.FleetSettings.Probing;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives each request to the next member that is up, and marks members up and down by their probes: the model of HAProxy's
 * {@code inter}, {@code fall} and {@code rise} with {@code balance roundrobin}. For one thread.
 *
 * <p>Invariant: {@code up} is the number of members that are up.
 */
final class FleetBalancer {
    private final Probing probing;
    private final List<FleetMember> members = new ArrayList<>();
    private int next;
    private int up;

    FleetBalancer(Probing probing) {
        this.probing = probing;
    }

    FleetMember add(FleetInstance process) {
        FleetMember member = new FleetMember(process);
        members.add(member);
        up++;
        return member;
    }

    List<FleetMember> members() {
        return members;
    }

    /** Takes the result of a probe into account. */
    void probed(FleetMember member, boolean succeeded) {
        member.against = succeeded == member.isUp ? 0 : member.against + 1;
        if (member.against == (member.isUp ? probing.fall() : probing.rise())) {
            member.isUp = succeeded;
            member.against = 0;
            up += succeeded ? 1 : -1;
        }
    }

    /** Returns the member that gets the next request; null if none is up. */
    @Nullable
    FleetMember choose() {
        if (up == 0) {
            return null;
        }
        while (true) {
            FleetMember member = members.get(next);
            next = (next + 1) % members.size();
            if (member.isUp) {
                return member;
            }
        }
    }
}
