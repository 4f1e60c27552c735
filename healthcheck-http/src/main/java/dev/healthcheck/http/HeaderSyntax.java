package dev.healthcheck.http;

/**
 * What HTTP allows in the lines of a header, according to <a
 * href="https://www.rfc-editor.org/rfc/rfc9110#section-5.5">RFC 9110, sections 5.5 and 5.6.2</a>. Knows letters and
 * digits of ASCII only.
 */
final class HeaderSyntax {
    /** Besides letters and digits. */
    private static final String TOKEN = "!#$%&'*+-.^_`|~";

    private HeaderSyntax() {}

    /** Returns whether {@code text} may be the name of a header, or a method. */
    static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(HeaderSyntax::isTokenCharacter);
    }

    private static boolean isTokenCharacter(int c) {
        return isLetterOrDigit(c) || TOKEN.indexOf(c) >= 0;
    }

    static boolean isLetterOrDigit(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /** Returns whether {@code text} may be the value of a header of ours: printable ASCII. */
    static boolean isValue(String text) {
        return text.chars().allMatch(c -> (c >= ' ' && c < 0x7f) || c == '\t');
    }
}
