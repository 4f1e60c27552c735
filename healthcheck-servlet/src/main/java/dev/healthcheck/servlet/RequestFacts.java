package dev.healthcheck.servlet;

import dev.healthcheck.http.HealthRequest;
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
        String below = request.getPathInfo();
        if (below != null) {
            return of(request, mount(request), below);
        }
        HttpServletMapping mapping = request.getHttpServletMapping();
        if (mapping.getMappingMatch() == MappingMatch.DEFAULT) {
            // for a servlet mounted at the root, the container gives the whole path as that of the servlet
            return of(request, request.getContextPath(), request.getServletPath());
        }
        HealthRequest facts = of(request, mount(request), "");
        return mapping.getMappingMatch() == MappingMatch.PATH
                ? facts
                : facts.linkedTo(elsewhere(request, mapping.getServletName()));
    }

    private static HealthRequest of(HttpServletRequest request, String mount, String path) {
        return HealthRequest.of(request.getMethod(), mount, path, name -> header(request, name));
    }

    private static String mount(HttpServletRequest request) {
        String context = request.getContextPath();
        return context.isEmpty() ? request.getServletPath() : context + request.getServletPath();
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
    private static @Nullable String elsewhere(HttpServletRequest request, String servletName) {
        ServletRegistration registration = request.getServletContext().getServletRegistration(servletName);
        if (registration == null) {
            return null;
        }
        return registration.getMappings().stream()
                .filter(pattern -> pattern.endsWith("/*") || pattern.equals("/"))
                .map(pattern -> root(request.getServletPath())
                        + pattern.replace("*", "").substring(1))
                .findFirst()
                .orElse(null);
    }

    /** Returns the relative link from {@code path} to the root of the context. */
    private static String root(String path) {
        long slashes = path.chars().filter(c -> c == '/').count();
        return slashes <= 1 ? "./" : "../".repeat((int) slashes - 1);
    }
}
