package dev.healthcheck.servlet;

import dev.healthcheck.CheckReport;
import java.util.List;

/**
 * Keeps the encoded checks of the last report of one kind, and nothing of earlier ones, so that a verdict is encoded
 * once however often it is asked for. Thread-safe without locks: where reports race, one of them is kept, and what the
 * others would have contributed is encoded again.
 */
final class EncodedChecks {
    private final Encoder encoder;
    private volatile EncodedCheck[] last = {};

    EncodedChecks(Encoder encoder) {
        this.encoder = encoder;
    }

    /** Encodes checks of which no encoded form is known. */
    @FunctionalInterface
    interface Encoder {
        /** Fills {@code encoded} where it does not hold the check at the same index of {@code checks}. */
        void encode(List<CheckReport> checks, EncodedCheck[] encoded);
    }

    /** The encoded form of each, in the same order. Not to be changed. */
    EncodedCheck[] of(List<CheckReport> checks) {
        EncodedCheck[] known = last;
        return areThese(known, checks) ? known : update(known, checks);
    }

    private EncodedCheck[] update(EncodedCheck[] known, List<CheckReport> checks) {
        EncodedCheck[] next = new EncodedCheck[checks.size()];
        System.arraycopy(known, 0, next, 0, Math.min(known.length, next.length));
        encoder.encode(checks, next);
        last = next;
        return next;
    }

    private static boolean areThese(EncodedCheck[] encoded, List<CheckReport> checks) {
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
}
