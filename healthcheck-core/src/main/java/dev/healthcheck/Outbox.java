package dev.healthcheck;

import dev.healthcheck.Event.Lane;
import dev.healthcheck.Event.OfChange;

/** The waiting events of one check, or of the registry itself. Only the {@link EventQueue} changes it. */
final class Outbox {
    /** Changes, and reminders of them. */
    final Lane changes = new Lane();
    /** All other lines. */
    final Lane lines = new Lane();
    /** For merged changes, and for one for which there is no memory. Made beforehand, as both happen in bad times. */
    final OfChange spare = new OfChange();
}
