package dev.healthcheck.http;

import java.util.List;

/**
 * What reasons mean, in the words of {@code docs/reasons.md}. A code may have a meaning for several subjects. Codes of a
 * user's own checks have none here. Loaded with the first page of a check that has a reason.
 */
final class Reasons {
    private static final List<Meaning> MEANINGS =
            PageAssets.read("reasons.txt").lines().map(Meaning::parsed).toList();

    private Reasons() {}

    /** Returns the meanings of {@code reason}, in the order of the document. */
    static List<Meaning> of(String reason) {
        return MEANINGS.stream().filter(meaning -> meaning.code.equals(reason)).toList();
    }

    /**
     * One meaning of a code.
     *
     * @param code the reason
     * @param subject the checks for which it means this: {@code Redis}
     * @param words what it means
     */
    record Meaning(String code, String subject, String words) {

        private static Meaning parsed(String line) {
            String[] columns = line.split("\t", 3);
            return new Meaning(columns[0], columns[1], columns[2]);
        }
    }
}
