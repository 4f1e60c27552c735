package dev.healthcheck;

/** How well something is. There is no "unknown": what is not known in time is {@link #DOWN}, with a reason. */
public enum Status {
    /** Works. */
    UP,
    /** Works, but somebody should look. Still gets traffic: HTTP 200. */
    DEGRADED,
    /** Does not work. HTTP 503. */
    DOWN
}
