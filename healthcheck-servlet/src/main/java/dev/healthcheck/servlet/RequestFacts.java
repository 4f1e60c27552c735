package dev.healthcheck.servlet;

import dev.healthcheck.http.HealthRequest;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.MappingMatch;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/** Reads from a servlet's request what an endpoint needs to know. */
final class RequestFacts {
    private RequestFacts() {}

    static HealthRequest of(HttpServletRequest request) {
        boolean included = request.getDispatcherType() == DispatcherType.INCLUDE
                && request.getAttribute(RequestDispatcher.INCLUDE_SERVLET_PATH) != null;
        return included ? ofIncluded(request) : ofPlain(request);
    }

    private static HealthRequest ofPlain(HttpServletRequest request) {
        String mount = request.getContextPath();
        String servlet = request.getServletPath();
        String below = request.getPathInfo();
        return below == null
                ? at(request, mount, servlet, request.getHttpServletMapping())
                : of(request, joined(mount, servlet), below);
    }

    /** The request itself is that of the page that includes: the container tells the included path by attributes. */
    private static HealthRequest ofIncluded(HttpServletRequest request) {
        String mount = (String) request.getAttribute(RequestDispatcher.INCLUDE_CONTEXT_PATH);
        String servlet = (String) request.getAttribute(RequestDispatcher.INCLUDE_SERVLET_PATH);
        String below = (String) request.getAttribute(RequestDispatcher.INCLUDE_PATH_INFO);
        return below == null
                ? at(request, mount, servlet, (HttpServletMapping)
                        request.getAttribute(RequestDispatcher.INCLUDE_MAPPING))
                : of(request, joined(mount, servlet), below);
    }

    /** Nothing follows the path of the servlet. */
    private static HealthRequest at(
            HttpServletRequest request, String context, String servlet, HttpServletMapping mapping) {
        if (mapping.getMappingMatch() == MappingMatch.DEFAULT) {
            // for a servlet mounted at the root, the container gives the whole path as that of the servlet
            return of(request, context, servlet);
        }
        HealthRequest facts = of(request, joined(context, servlet), "");
        return mapping.getMappingMatch() == MappingMatch.PATH
                ? facts
                : facts.linkedTo(elsewhere(request, servlet, mapping.getServletName()));
    }

    private static HealthRequest of(HttpServletRequest request, String mount, String path) {
        return HealthRequest.of(request.getMethod(), mount, path, name -> header(request, name));
    }

    private static String joined(String context, String servlet) {
        return context.isEmpty() ? servlet : context + servlet;
    }

    /** Returns all lines of a header, joined by commas. */
    private static @Nullable String header(HttpServletRequest request, String name) {
        Enumeration<String> lines = request.getHeaders(name);
        if (lines == null || !lines.hasMoreElements()) {
            return null;
        }
        String first = lines.nextElement();
        if (!lines.hasMoreElements()) {
            return first;
        }
        StringBuilder all = new StringBuilder(first);
        lines.asIterator().forEachRemaining(line -> all.append(',').append(line));
        return all.toString();
    }

    /** Returns a link to a prefix at which the same servlet is mounted, too; null if there is none. */
    private static @Nullable String elsewhere(HttpServletRequest request, String path, String servletName) {
        ServletRegistration registration = request.getServletContext().getServletRegistration(servletName);
        if (registration == null) {
            return null;
        }
        return registration.getMappings().stream()
                .filter(pattern -> pattern.endsWith("/*") || pattern.equals("/"))
                .map(pattern -> root(path) + pattern.replace("*", "").substring(1))
                .findFirst()
                .orElse(null);
    }

    /** Returns the relative link from {@code path} to the root of the context. */
    private static String root(String path) {
        long slashes = path.chars().filter(c -> c == '/').count();
        return slashes <= 1 ? "./" : "../".repeat((int) slashes - 1);
    }
}
