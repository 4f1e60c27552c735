package dev.healthcheck.http;

import java.util.regex.Pattern;

/**
 * The first line of a request.
 *
 * @param authority the authority of a target in absolute form; empty for any other target
 * @param path decoded, without a query; {@code *} for the target of an {@code OPTIONS} that means the server
 * @param isHttp11 false for HTTP/1.0
 */
record RequestLine(String method, String authority, String path, boolean isHttp11) {
    private static final Pattern VERSION = Pattern.compile("HTTP/[0-9]\\.[0-9]");
    private static final Pattern ABSOLUTE = Pattern.compile("https?://", Pattern.CASE_INSENSITIVE);

    static RequestLine of(String line) throws RefusedRequest {
        int afterMethod = line.indexOf(' ');
        int afterTarget = line.lastIndexOf(' ');
        RefusedRequest.unless(afterMethod >= 0 && afterMethod < afterTarget, "not a request line");
        String method = line.substring(0, afterMethod);
        RefusedRequest.unless(HeaderSyntax.isToken(method), "not a method");
        RefusedRequest.unless(!method.equals("CONNECT"), "no proxy"); // its target is not a path
        boolean isHttp11 = isHttp11(line.substring(afterTarget + 1));
        return of(method, line.substring(afterMethod + 1, afterTarget), isHttp11);
    }

    private static boolean isHttp11(String version) throws RefusedRequest {
        if (version.equals("HTTP/1.1") || version.equals("HTTP/1.0")) {
            return version.endsWith("1");
        }
        RefusedRequest.unless(VERSION.matcher(version).matches(), "not a version of HTTP");
        throw RefusedRequest.unknownVersion();
    }

    private static RequestLine of(String method, String target, boolean isHttp11) throws RefusedRequest {
        if (target.equals("*") && method.equals("OPTIONS")) {
            return new RequestLine(method, "", target, isHttp11);
        }
        if (target.startsWith("/")) {
            return new RequestLine(method, "", RequestPath.of(target), isHttp11);
        }
        var scheme = ABSOLUTE.matcher(target);
        RefusedRequest.unless(scheme.lookingAt(), "not a target");
        return absolute(method, target.substring(scheme.end()), isHttp11);
    }

    private static RequestLine absolute(String method, String rest, boolean isHttp11) throws RefusedRequest {
        int slash = rest.indexOf('/');
        RefusedRequest.unless(slash > 0, "a target without authority or path");
        return new RequestLine(method, rest.substring(0, slash), RequestPath.of(rest.substring(slash)), isHttp11);
    }
}
