package dev.healthcheck;

import dev.healthcheck.Event.OfIntroduction;

/** A listener. It gets no event before it knows what those know that were added earlier. */
final class Member {
    final HealthListener listener;
    /** Written before it is added, and later by the delivering thread only. */
    boolean introduced;

    volatile boolean removed;

    Member(HealthListener listener) {
        this.listener = listener;
    }

    /** Returns whether {@code event} is for this listener. */
    boolean hears(Event event) {
        return !removed && introduced != event instanceof OfIntroduction;
    }
}
