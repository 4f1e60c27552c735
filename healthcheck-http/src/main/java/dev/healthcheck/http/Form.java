package dev.healthcheck.http;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A format and the headers of all answers in it. Thread-safe. Makes the headers with the first answer: those of the page
 * load its resources, which few processes need.
 */
final class Form {
    /** All that {@link Formats} and {@link Offer} read. */
    private static final String READ = "Accept, Sec-Fetch-Mode, Upgrade-Insecure-Requests";

    private final HealthFormat format;
    private final String contentType;
    private final ForeignHeaders added = new ForeignHeaders("A health format");
    private volatile @Nullable Map<String, String> headers;

    Form(HealthFormat format) {
        this(format, format.contentType());
    }

    Form(HealthFormat format, String contentType) {
        this.format = format;
        this.contentType = contentType;
    }

    MediaType type() {
        return MediaType.of(contentType);
    }

    HealthFormat format() {
        return format;
    }

    /**
     * Returns the same answers under the media type that the other system prefers, or this. A client that accepts
     * anything gets the former, as from that system.
     */
    Form vendors() {
        String vendorType = format instanceof OwnFormat own ? own.vendorType() : null;
        return vendorType == null ? this : new Form(format, vendorType);
    }

    /** Returns whether a user has written the format. */
    boolean isForeign() {
        return !(format instanceof OwnFormat);
    }

    /** Returns the form of another format with the same headers. */
    Form with(HealthFormat other) {
        Form form = new Form(other, contentType);
        form.headers = headers();
        return form;
    }

    Map<String, String> headers() {
        Map<String, String> made = headers;
        if (made == null) {
            made = newHeaders();
            headers = made;
        }
        return made;
    }

    private Map<String, String> newHeaders() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("Content-Type", contentType);
        all.put("Cache-Control", "no-store");
        all.put("Vary", READ);
        all.put("X-Content-Type-Options", "nosniff");
        all.put("Cross-Origin-Resource-Policy", "same-origin");
        return ForeignHeaders.merged(all, added.allowed(format.headers()));
    }
}
