package dev.healthcheck.http;

/** Tells which characters of an untrusted text can be shown as they are. */
final class Characters {
    private static final int NON_JOINER = 0x200c;
    private static final int JOINER = 0x200d;

    private Characters() {}

    /**
     * Returns false for what changes how the text around it reads (line breaks, terminal sequences, direction marks) and
     * for what is no character. Scripts and emoji need the two joiners, which are harmless.
     */
    static boolean isHarmless(int codePoint) {
        return codePoint == NON_JOINER || codePoint == JOINER || isHarmlessCategory(Character.getType(codePoint));
    }

    private static boolean isHarmlessCategory(int category) {
        return switch (category) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
