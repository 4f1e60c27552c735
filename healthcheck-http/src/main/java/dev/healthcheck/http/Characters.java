package dev.healthcheck.http;

/** Tells which characters of an untrusted text can be shown as they are. */
final class Characters {
    private Characters() {}

    /**
     * Returns false for what changes how the text around it reads (line breaks, terminal sequences, direction marks) and
     * for what is no character.
     */
    static boolean isHarmless(int codePoint) {
        return switch (Character.getType(codePoint)) {
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
