package dev.healthcheck.http;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the details of a check on a page: a map as names and values, a list as a list, any other value as its text.
 * After {@value Limits#DETAIL_CHARACTERS} characters, an ellipsis stands for the rest.
 */
final class PageValues {
    /** A map or list at this depth is written as one text, because a phone has no room for more indentation. */
    private static final int DEEPEST = 5;

    private final Html html;
    private int left = Limits.DETAIL_CHARACTERS;

    PageValues(Html html) {
        this.html = html;
    }

    void write(Map<?, ?> map) {
        write(map, 0);
    }

    private void write(Map<?, ?> map, int depth) {
        html.markup("<dl>");
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            html.markup("<dt>");
            text(entry.getKey());
            html.markup("</dt><dd>");
            write(entry.getValue(), depth + 1);
            html.markup("</dd>");
            if (left <= 0) {
                break;
            }
        }
        html.markup("</dl>");
    }

    private void write(List<?> list, int depth) {
        html.markup("<ul>");
        for (Object value : list) {
            html.markup("<li>");
            write(value, depth + 1);
            html.markup("</li>");
            if (left <= 0) {
                break;
            }
        }
        html.markup("</ul>");
    }

    private void write(@Nullable Object value, int depth) {
        if (depth < DEEPEST && value instanceof Map<?, ?> map && !map.isEmpty()) {
            write(map, depth);
        } else if (depth < DEEPEST && value instanceof List<?> list && !list.isEmpty()) {
            write(list, depth);
        } else {
            text(value);
        }
    }

    /** Isolates the direction of the text, which may run from right to left. */
    private void text(@Nullable Object value) {
        String text = String.valueOf(value);
        int most = Math.max(0, left);
        html.element("bdi", "", text.length() <= most ? text : text.substring(0, most) + Limits.CUT);
        left -= text.length() + Limits.CHARACTERS_PER_VALUE;
    }
}
