package dev.healthcheck.servlet;

import dev.healthcheck.CheckReport;
import java.lang.ref.WeakReference;
import java.util.List;

/**
 * Keeps the encoded checks of the last report of one kind, and nothing of earlier ones, so that a verdict is encoded
 * once however often it is asked for. Thread-safe without locks: where reports race, one of them is kept, and what the
 * others would have contributed is encoded again.
 */
final class EncodedChecks {
    private final Encoder encoder;
    private volatile Encoded[] last = {};

    EncodedChecks(Encoder encoder) {
        this.encoder = encoder;
    }

    /** Encodes checks of which no encoded form is known. */
    @FunctionalInterface
    interface Encoder {
        /** Fills {@code encoded} where it does not hold the check at the same index of {@code checks}. */
        void encode(List<CheckReport> checks, Encoded[] encoded);
    }

    /** The encoded form of each, in the same order. Not to be changed. */
    Encoded[] of(List<CheckReport> checks) {
        Encoded[] known = last;
        return areThese(known, checks) ? known : update(known, checks);
    }

    private Encoded[] update(Encoded[] known, List<CheckReport> checks) {
        Encoded[] next = new Encoded[checks.size()];
        System.arraycopy(known, 0, next, 0, Math.min(known.length, next.length));
        encoder.encode(checks, next);
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
     * The public part of one check's report in encoded form. Does not keep the report: it may hold an exception, and
     * with it the class loader of an application that is gone.
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

        /** Whether its report still exists. */
        boolean isKnown() {
            return !report.refersTo(null);
        }
    }
}
