package dev.healthcheck;

import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Bounded text from things that are not ours, whatever their {@code toString} and {@code getMessage} do. */
final class PlainText {
    private static final int LONGEST = 1000;
    private static final int MOST_CAUSES = 5;

    private PlainText() {}

    /** Returns at most {@value #LONGEST} characters, with an ellipsis in place of the rest. */
    static String cut(String text) {
        if (text.length() <= LONGEST) {
            return text;
        }
        int end = LONGEST - 1;
        if (Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end) + '\u2026';
    }

    static String of(Object foreign) {
        try {
            return cut(String.valueOf(foreign.toString()));
        } catch (Throwable t) { // a detail without text must not fail the check that has it
            return foreign.getClass().getName() + " (its toString threw "
                    + t.getClass().getName() + ")";
        }
    }

    /** {@code class: message}, then those of its causes. */
    static String ofCauses(Throwable thrown) {
        var texts = new StringJoiner(", caused by ");
        @Nullable Throwable cause = thrown;
        for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
            texts.add(ofOne(cause));
            cause = causeOf(cause);
        }
        return texts.toString();
    }

    private static String ofOne(Throwable thrown) {
        String message = messageOf(thrown);
        String type = thrown.getClass().getName();
        return message == null ? type : type + ": " + cut(message);
    }

    private static @Nullable String messageOf(Throwable thrown) {
        try {
            return thrown.getMessage();
        } catch (Throwable t) { // an exception of a foreign class may do anything
            return "(its getMessage threw " + t.getClass().getName() + ")";
        }
    }

    private static @Nullable Throwable causeOf(Throwable thrown) {
        try {
            return thrown.getCause();
        } catch (Throwable t) { // as above
            return null;
        }
    }
}
