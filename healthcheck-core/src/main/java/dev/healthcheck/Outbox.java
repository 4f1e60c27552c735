package dev.healthcheck;

import dev.healthcheck.Event.Lane;
import dev.healthcheck.Event.OfBegin;
import dev.healthcheck.Event.OfChange;
import dev.healthcheck.Event.OfEnd;
import dev.healthcheck.Event.OfPass;
import org.jspecify.annotations.Nullable;

/** The waiting events of one registration, or of the registry itself. Only the {@link EventQueue} changes it. */
final class Outbox {
    /** Changes, and reminders of them. */
    final Lane changes = new Lane();
    /** All other lines. */
    final Lane lines = new Lane();
    /** The begin and the end of the registration, and that the check has passed; that the registry drains or is closed. */
    final Lane life = new Lane();

    // These are made beforehand, as they are needed in bad times, too.
    final OfBegin begin;
    /** Null if this is no startup check. */
    final @Nullable OfPass pass;

    final OfEnd end;
    /** For merged changes, and for one for which there is no memory. */
    final OfChange spare = new OfChange();

    /** The registration has ended, and nothing of it is told. */
    boolean forgotten;
    /** The registration that ended after this one. */
    @Nullable
    Outbox nextEnded;

    final ToldCheck check;

    Outbox(String name, CheckOptions options) {
        check = new ToldCheck(name, options);
        begin = new OfBegin(check);
        pass = options.probes.contains(Probe.STARTUP) ? new OfPass(check) : null;
        end = new OfEnd(this, check);
    }
}
