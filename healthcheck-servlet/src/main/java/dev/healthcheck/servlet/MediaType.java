package dev.healthcheck.servlet;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code type/subtype}, in lower case and without parameters. Either may be {@code *} in what a request accepts. */
record MediaType(String type, String subtype) {

    /**
     * The media type of a header that says what something is.
     *
     * @throws IllegalArgumentException if it is none
     */
    static MediaType of(String contentType) {
        MediaType type = parse(contentType);
        if (type == null) {
            throw new IllegalArgumentException("contentType: " + contentType + " (expected: type/subtype)");
        }
        return type;
    }

    /** Reads it from the beginning of an element of a header; null if it is none. */
    static @Nullable MediaType parse(String element) {
        int end = element.indexOf(';');
        String text = (end < 0 ? element : element.substring(0, end)).strip().toLowerCase(Locale.ROOT);
        int slash = text.indexOf('/');
        return slash <= 0 || slash == text.length() - 1
                ? null
                : new MediaType(text.substring(0, slash), text.substring(slash + 1));
    }

    /** How exactly this range is {@code other}: 3 if it is the same, 1 if it is everything; 0 if it is not. */
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
        return subtype.equals(other.subtype) ? 3 : 0;
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
