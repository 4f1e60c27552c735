package dev.healthcheck.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.time.InstantSource;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All forms of one servlet, one for each media type. The first is the default. Immutable. */
final class Formats {
    private final List<MediaType> types;
    private final List<HealthFormat> formats;

    /** A form of {@code own} replaces the form of the same media type before it, or comes last. */
    Formats(Map<String, String> service, List<HealthFormat> own) {
        Map<MediaType, HealthFormat> byType = new LinkedHashMap<>();
        put(byType, new JsonFormat(service));
        put(byType, new JsonForm(HealthJsonShape.CONTENT_TYPE, new HealthJsonShape(service)));
        put(byType, new TextFormat());
        put(byType, new PageFormat(service, null, InstantSource.system()));
        own.forEach(format -> put(byType, format));
        types = List.copyOf(byType.keySet());
        formats = List.copyOf(byType.values());
    }

    private static void put(Map<MediaType, HealthFormat> byType, HealthFormat format) {
        byType.put(MediaType.of(format.contentType()), format);
    }

    List<HealthFormat> all() {
        return formats;
    }

    /** Returns JSON if the request accepts none of the forms: an unexpected answer is better than none. */
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
}
