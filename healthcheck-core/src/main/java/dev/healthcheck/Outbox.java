package dev.healthcheck;

import dev.healthcheck.Event.Lane;
import dev.healthcheck.Event.OfChange;

/** What one check, or the registry itself, has to tell. Belongs to the {@link EventQueue} in which its events wait. */
final class Outbox {
    /** Changes, and reminders of them. */
    final Lane changes = new Lane();
    /** All other lines. */
    final Lane lines = new Lane();
    /** For merged changes, and for one for which there is no memory. Made beforehand, as both happen in bad times. */
    final OfChange spare = new OfChange();
}
