package dev.healthcheck.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.InetAddress;
import java.security.MessageDigest;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may see details at a port of its own.
 *
 * @param token null if no token admits anybody
 * @param loopback whether clients on this machine are admitted
 */
record DetailsCondition(@Nullable String token, boolean loopback) {
    private static final String SCHEME = "Bearer ";
    private static final Pattern LOCAL_HOST =
            Pattern.compile("(?:localhost|127\\.0\\.0\\.1|\\[::1])(?::[0-9]+)?", Pattern.CASE_INSENSITIVE);
    /** Proxies add these. */
    private static final List<String> FORWARDED = List.of("Forwarded", "X-Forwarded-For", "Via");

    boolean admits(RequestHead request, InetAddress client) {
        return hasToken(request) || (loopback && client.isLoopbackAddress() && isDirect(request));
    }

    private boolean hasToken(RequestHead request) {
        String given = request.header("Authorization");
        return token != null
                && given != null
                && given.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && isEqual(given.substring(SCHEME.length()), token);
    }

    /** Takes the same time for all texts of one length. */
    private static boolean isEqual(String given, String token) {
        return MessageDigest.isEqual(given.getBytes(ISO_8859_1), token.getBytes(ISO_8859_1));
    }

    /** A page of another site can reach this port through a browser, by a name that it resolves to loopback. */
    private static boolean isDirect(RequestHead request) {
        return LOCAL_HOST.matcher(request.host()).matches()
                && FORWARDED.stream().allMatch(name -> request.header(name) == null);
    }
}
