package dev.healthcheck.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Decodes the path of a target. Refuses paths that two readers may understand differently: empty segments, dot segments,
 * parameters, backslashes, and what decodes to a slash, a percent sign or a control character.
 */
final class RequestPath {
    /** Besides letters and digits. */
    private static final String ALLOWED = "/-._~!$&'()*+,=:@";

    private static final int HEX = 16;

    private RequestPath() {}

    /**
     * Returns the decoded path.
     *
     * @param target path and query; begins with a slash
     */
    static String of(String target) throws RefusedRequest {
        int query = target.indexOf('?');
        requireVisible(target);
        String path = decoded(query < 0 ? target : target.substring(0, query));
        requireUnambiguous(path);
        return path;
    }

    private static void requireVisible(String target) throws RefusedRequest {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            RefusedRequest.unless(c > ' ' && c < 0x7f && c != '#', "a character that a target cannot have");
        }
    }

    private static String decoded(String path) throws RefusedRequest {
        byte[] bytes = new byte[path.length()];
        int length = 0;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '%') {
                bytes[length++] = escaped(path, i);
                i += 2;
            } else {
                RefusedRequest.unless(isAllowed(c), "a character that a path cannot have");
                bytes[length++] = (byte) c;
            }
        }
        return text(ByteBuffer.wrap(bytes, 0, length));
    }

    private static byte escaped(String path, int at) throws RefusedRequest {
        RefusedRequest.unless(at + 2 < path.length(), "an escape that is cut off");
        int high = Character.digit(path.charAt(at + 1), HEX);
        int low = Character.digit(path.charAt(at + 2), HEX);
        RefusedRequest.unless(high >= 0 && low >= 0, "an escape that is not hexadecimal");
        int value = high * HEX + low;
        RefusedRequest.unless(
                value >= ' ' && value != 0x7f && "/\\%;".indexOf(value) < 0, "an escape that is ambiguous");
        return (byte) value;
    }

    private static boolean isAllowed(char c) {
        return HeaderSyntax.isLetterOrDigit(c) || ALLOWED.indexOf(c) >= 0;
    }

    private static String text(ByteBuffer utf8) throws RefusedRequest {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
        } catch (CharacterCodingException e) {
            throw RefusedRequest.malformed("a path that is not UTF-8");
        }
    }

    private static void requireUnambiguous(String path) throws RefusedRequest {
        RefusedRequest.unless(!path.contains("//"), "an empty segment");
        String closed = path + "/";
        RefusedRequest.unless(!closed.contains("/./") && !closed.contains("/../"), "a dot segment");
        RefusedRequest.unless(path.chars().noneMatch(Character::isISOControl), "a control character");
    }
}
