package dev.healthcheck.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All forms of one endpoint, one for each media type. Thread-safe. Makes most of them when a request names one. */
final class Formats {
    private final Map<String, String> service;
    private final List<HealthFormat> added;
    /** For answers that a user's format fails to write. */
    private final Form own;
    /** For requests that name no form. */
    private final Form usual;

    private final boolean hasForeign;

    private volatile @Nullable Offer offer;

    /** A format of {@code added} replaces the format of the same media type before it, or comes last. */
    Formats(Map<String, String> service, List<HealthFormat> added) {
        this.service = new LinkedHashMap<>(service);
        this.added = List.copyOf(added);
        own = new Form(new JsonFormat(service));
        Form json = own;
        boolean foreign = false;
        for (HealthFormat format : added) {
            Form form = new Form(format);
            json = form.type().equals(own.type()) ? form : json;
            foreign |= form.isForeign();
        }
        usual = json.vendors();
        hasForeign = foreign;
    }

    /** Returns whether a format that a user has written makes the answer to {@code request}. */
    boolean isForeignTo(HealthRequest request) {
        return hasForeign && acceptedBy(request).isForeign();
    }

    /** Returns the forms that would be there without formats that users have written. */
    Formats withoutForeign() {
        return new Formats(
                service, added.stream().filter(OwnFormat.class::isInstance).toList());
    }

    /** Returns the formats, in the order in which a request prefers them whose weights are equal. */
    List<HealthFormat> all() {
        return offer().formats();
    }

    /** Returns this library's JSON. */
    Form own() {
        return own;
    }

    /** Returns JSON if the request accepts none of the forms: an unexpected answer is better than none. */
    Form acceptedBy(HealthRequest request) {
        String header = request.header("Accept");
        return header == null || header.equals("*/*") ? usual : offer().acceptedBy(header, request);
    }

    private Offer offer() {
        Offer made = offer;
        if (made == null) {
            made = new Offer(own, service, added);
            offer = made;
        }
        return made;
    }
}
