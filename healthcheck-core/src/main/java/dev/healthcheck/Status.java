package dev.healthcheck;

/**
 * The status of a check or of a report. There is no "unknown": a check without an answer in time is {@link #DOWN}, with
 * a reason that says so.
 */
public enum Status {
    /** It works. HTTP 200. */
    UP,
    /** It works, but somebody should look. It still gets traffic: HTTP 200. */
    DEGRADED,
    /** It does not work. HTTP 503. */
    DOWN
}
