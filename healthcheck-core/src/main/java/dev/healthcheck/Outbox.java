package dev.healthcheck;

import dev.healthcheck.Event.Lane;
import dev.healthcheck.Event.OfBegin;
import dev.healthcheck.Event.OfChange;
import dev.healthcheck.Event.OfEnd;
import org.jspecify.annotations.Nullable;

/** The waiting events of one registration, or of the registry itself. Only the {@link EventQueue} changes it. */
final class Outbox {
    /** Changes, and reminders of them. */
    final Lane changes = new Lane();
    /** All other lines. */
    final Lane lines = new Lane();
    /** The begin and the end of the registration. */
    final Lane life = new Lane();

    // These are made beforehand, as they are needed in bad times, too.
    final OfBegin begin;
    final OfEnd end;
    /** For merged changes, and for one for which there is no memory. */
    final OfChange spare = new OfChange();

    /** The registration has ended, and nothing of it is told. */
    boolean forgotten;
    /** The registration that ended after this one. */
    @Nullable
    Outbox nextEnded;

    Outbox(String check) {
        begin = new OfBegin(check);
        end = new OfEnd(this, check);
    }
}
