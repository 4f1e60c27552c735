package dev.healthcheck.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code type/subtype}, in lower case and without parameters. In an {@code Accept} header both may be {@code *}. */
record MediaType(String type, String subtype) {
    /** The precision of a range that names the type itself. */
    static final int SAME = 3;

    /**
     * Returns the media type of a {@code Content-Type} header.
     *
     * @throws IllegalArgumentException if {@code contentType} has none
     */
    static MediaType of(String contentType) {
        MediaType type = parse(contentType);
        if (type == null || !HeaderSyntax.isValue(contentType)) {
            throw new IllegalArgumentException("contentType: " + contentType + " (expected: type/subtype)");
        }
        return type;
    }

    /** Reads a media type from the beginning of an element of a header. Returns null if there is none. */
    static @Nullable MediaType parse(String element) {
        int end = element.indexOf(';');
        String text = (end < 0 ? element : element.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        int slash = text.indexOf('/');
        return slash <= 0 || slash == text.length() - 1
                ? null
                : new MediaType(text.substring(0, slash), text.substring(slash + 1));
    }

    /** Returns how precisely this range matches: {@link #SAME} for the same type, 2 for {@code type/*}, 1 for all, 0 for no match. */
    int precision(MediaType other) {
        if (type.equals("*")) {
            return subtype.equals("*") ? 1 : 0;
        }
        if (!type.equals(other.type)) {
            return 0;
        }
        if (subtype.equals("*")) {
            return 2;
        }
        return subtype.equals(other.subtype) ? SAME : 0;
    }

    boolean isAnything() {
        return type.equals("*") && subtype.equals("*");
    }

    boolean isJson() {
        return subtype.equals("json") || subtype.endsWith("+json");
    }

    // Written out: on JDK 17 the methods that the JDK makes for a record keep its class loader reachable for good.

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof MediaType that && type.equals(that.type) && subtype.equals(that.subtype);
    }

    @Override
    public int hashCode() {
        return 31 * type.hashCode() + subtype.hashCode();
    }
}
