package dev.healthcheck.http;

import org.jspecify.annotations.Nullable;

/** A format of this library. Unlike those of users it never blocks, so any thread may call it. */
interface OwnFormat extends HealthFormat {
    /** Returns a second media type of the same answers, which another system prefers; null if there is none. */
    default @Nullable String vendorType() {
        return null;
    }
}
