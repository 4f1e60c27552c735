package dev.healthcheck.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The forms there are, the first of which is for whoever does not care. Immutable. */
final class Formats {
    private final List<HealthFormat> formats;
    private final List<MediaType> types;

    /** The user's form takes the place of ours of the same media type, or comes last. */
    Formats(Map<String, String> service, @Nullable HealthFormat own) {
        HealthFormat page = new PageFormat(service, null, InstantSource.system());
        List<HealthFormat> all = new ArrayList<>(
                List.of(new JsonFormat(service), new HealthJsonFormat(service), new TextFormat(), page));
        if (own != null) {
            MediaType type = typeOf(own);
            all.replaceAll(ours -> typeOf(ours).equals(type) ? own : ours);
            if (!all.contains(own)) {
                all.add(own);
            }
        }
        formats = List.copyOf(all);
        types = formats.stream().map(Formats::typeOf).toList();
    }

    List<HealthFormat> all() {
        return formats;
    }

    /** What a request cannot be given, it gets as JSON: an answer that it did not expect is better than none. */
    HealthFormat acceptedBy(HttpServletRequest request) {
        Enumeration<String> headers = request.getHeaders("Accept");
        if (headers == null || !headers.hasMoreElements()) {
            return formats.get(0);
        }
        String header = headers.nextElement();
        if (headers.hasMoreElements()) {
            StringBuilder all = new StringBuilder(header);
            headers.asIterator().forEachRemaining(more -> all.append(',').append(more));
            header = all.toString();
        }
        if (header.equals("*/*")) {
            return formats.get(0);
        }
        HealthFormat format = formats.get(Accept.best(header, types));
        return format instanceof PageFormat page ? page.linkedFrom(request) : format;
    }

    private static MediaType typeOf(HealthFormat format) {
        return MediaType.of(format.contentType());
    }
}
