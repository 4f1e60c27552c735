package dev.healthcheck.checks;

import org.jspecify.annotations.Nullable;

/**
 * Reads JSON from its beginning to its end, also if it is cut or no JSON at all: from the first place on that is not JSON,
 * there are no members and all values are empty.
 */
final class JsonScan {
    private static final char END = 0;

    private final String text;
    private int at;
    /** True from the beginning of an object to its first member. */
    private boolean first;

    private boolean broken;

    JsonScan(String text) {
        this.text = text;
    }

    /** Returns whether the end was reached before the text was cut or no JSON any more. */
    boolean isIntact() {
        return !broken;
    }

    /** Enters the next value if it is an object, otherwise skips it and returns false. */
    boolean enter() {
        if (peek() != '{') {
            skip();
            return false;
        }
        at++;
        first = true;
        return true;
    }

    /** Returns the name of the next member. At the end of the object returns null, and leaves the object. */
    @Nullable
    String name() {
        if (peek() == '}') {
            at++;
            first = false;
            return null;
        }
        if (!first) {
            take(',');
        }
        first = false;
        broken |= peek() != '"';
        String name = string();
        take(':');
        return broken ? null : name;
    }

    /** Reads the next value. Returns an empty text if it is no string, or one with escapes. */
    String string() {
        if (peek() != '"') {
            skip();
            return "";
        }
        int start = ++at;
        boolean plain = true;
        while (at < text.length() && text.charAt(at) >= ' ') {
            char c = text.charAt(at++);
            if (c == '"') {
                return plain ? text.substring(start, at - 1) : "";
            }
            if (c == '\\') {
                plain = false;
                at++;
            }
        }
        broken = true;
        at = text.length();
        return "";
    }

    /** Reads the next value. Returns an empty text if it is no number and no literal. */
    String literal() {
        char c = peek();
        if (c == '"' || c == '{' || c == '[') {
            skip();
            return "";
        }
        int start = at;
        while (at < text.length() && isLiteral(text.charAt(at))) {
            at++;
        }
        broken |= at == start;
        return text.substring(start, at);
    }

    /** Skips the next value. Inside of it, only strings and the number of brackets matter. */
    void skip() {
        int depth = 0;
        do {
            char c = peek();
            if (c == '{' || c == '[') {
                depth++;
                at++;
            } else if (depth > 0 && (c == '}' || c == ']')) {
                depth--;
                at++;
            } else if (depth > 0 && (c == ',' || c == ':')) {
                at++;
            } else if (c == '"') {
                string();
            } else {
                literal();
            }
        } while (depth > 0 && !broken);
    }

    private void take(char expected) {
        if (peek() != expected) {
            broken = true;
        } else {
            at++;
        }
    }

    /** Returns the next character that is no white space, and does not read it. */
    private char peek() {
        while (at < text.length() && isBlank(text.charAt(at))) {
            at++;
        }
        return broken || at >= text.length() ? END : text.charAt(at);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    private static boolean isLiteral(char c) {
        return c < 128 && (Character.isLetterOrDigit(c) || c == '-' || c == '+' || c == '.');
    }
}
