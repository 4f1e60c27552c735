package dev.healthcheck.servlet;

import dev.healthcheck.CheckReport;
import dev.healthcheck.HealthReport;
import dev.healthcheck.Probe;
import dev.healthcheck.Status;
import org.jspecify.annotations.Nullable;

/**
 * A form in which answers are written. Everything that comes from checks is untrusted text and is encoded for the form;
 * what is private is written only with {@code details}. Thread-safe.
 */
interface Format {

    /** The exact value of the header. */
    String contentType();

    Body report(HealthReport report, boolean details);

    /** One check with its history. */
    Body check(CheckReport check, boolean details);

    /** The report that there is none yet; {@code probe} is null for the overall report. */
    Body pending(Status status, @Nullable Probe probe);

    /** The report on one check that there is none yet. */
    Body pending(Status status, String check);

    /** There is no answer, and this is why: words of ours. */
    Body problem(String what);
}
