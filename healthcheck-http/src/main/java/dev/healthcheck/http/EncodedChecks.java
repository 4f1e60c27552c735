package dev.healthcheck.http;

import dev.healthcheck.CheckReport;
import java.lang.ref.WeakReference;
import java.util.List;

/**
 * Caches the encoded checks of the last report of one kind, so that a verdict is encoded once, however many requests
 * ask for it. Keeps nothing of earlier reports. Thread-safe without locks: when reports race, the cache keeps one of
 * them, and the next report encodes again what the others have encoded.
 */
final class EncodedChecks {
    private volatile Encoded[] last = {};

    /** Returns the encoded form of each check, in the same order. The caller must not change the array. */
    Encoded[] of(List<CheckReport> checks) {
        Encoded[] known = last;
        return areThese(known, checks) ? known : update(known, checks);
    }

    private Encoded[] update(Encoded[] known, List<CheckReport> checks) {
        Encoded[] next = new Encoded[checks.size()];
        for (int i = 0; i < next.length; i++) {
            CheckReport check = checks.get(i);
            boolean isKnown = i < known.length && known[i].isOf(check);
            next[i] = isKnown ? known[i] : new Encoded(check, PublicPart.member(check));
        }
        last = next;
        return next;
    }

    private static boolean areThese(Encoded[] encoded, List<CheckReport> checks) {
        if (encoded.length != checks.size()) {
            return false;
        }
        for (int i = 0; i < encoded.length; i++) {
            if (!encoded[i].isOf(checks.get(i))) {
                return false;
            }
        }
        return true;
    }

    /**
     * The public part of one check's report in encoded form. Holds the report weakly: a report may hold an exception,
     * and with it the class loader of an undeployed application.
     */
    static final class Encoded {
        final byte[] bytes;
        private final WeakReference<CheckReport> report;

        Encoded(CheckReport report, byte[] bytes) {
            this.report = new WeakReference<>(report);
            this.bytes = bytes;
        }

        boolean isOf(CheckReport other) {
            return report.refersTo(other);
        }

        /** Returns whether its report still exists. */
        boolean isKnown() {
            return !report.refersTo(null);
        }
    }
}
