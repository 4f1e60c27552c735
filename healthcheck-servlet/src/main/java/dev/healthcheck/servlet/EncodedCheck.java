package dev.healthcheck.servlet;

import dev.healthcheck.CheckReport;
import java.lang.ref.WeakReference;

/**
 * The public part of one check's report in encoded form. Does not keep the report: it may hold an exception, and with it
 * the class loader of an application that is gone.
 */
final class EncodedCheck {
    final byte[] bytes;
    private final WeakReference<CheckReport> report;

    EncodedCheck(CheckReport report, byte[] bytes) {
        this.report = new WeakReference<>(report);
        this.bytes = bytes;
    }

    boolean isOf(CheckReport other) {
        return report.refersTo(other);
    }

    /** Whether its report still exists. */
    boolean isKnown() {
        return !report.refersTo(null);
    }
}
