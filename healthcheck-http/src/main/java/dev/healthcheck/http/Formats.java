package dev.healthcheck.http;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** All forms of one endpoint, one for each media type. The first is the default. Immutable. */
final class Formats {
    private static final MediaType HTML = new MediaType("text", "html");

    private final List<MediaType> types;
    private final List<Form> forms;
    /** For answers that a user's format fails to write. */
    private final Form own;

    private final Map<String, String> service;
    private final boolean hasForeign;

    /** A format of {@code added} replaces the format of the same media type before it, or comes last. */
    Formats(Map<String, String> service, List<HealthFormat> added) {
        own = new Form(new JsonFormat(service));
        Map<MediaType, Form> byType = new LinkedHashMap<>();
        put(byType, own);
        put(byType, new Form(new JsonForm(HealthJsonShape.CONTENT_TYPE, null, new HealthJsonShape(service))));
        put(byType, new Form(new TextFormat()));
        put(byType, new Form(new PageFormat(service, null, InstantSource.system())));
        added.forEach(format -> put(byType, new Form(format)));
        forms = byType.values().stream().flatMap(Formats::withVendorType).toList();
        types = forms.stream().map(Form::type).toList();
        this.service = new LinkedHashMap<>(service);
        hasForeign = forms.stream().anyMatch(Form::isForeign);
    }

    /** Returns whether a format that a user has written makes the answer to {@code request}. */
    boolean isForeignTo(HealthRequest request) {
        return hasForeign && acceptedBy(request).isForeign();
    }

    /** Returns the forms that would be there without formats that users have written. */
    Formats withoutForeign() {
        return new Formats(
                service, all().stream().filter(OwnFormat.class::isInstance).toList());
    }

    private static void put(Map<MediaType, Form> byType, Form form) {
        byType.put(form.type(), form);
    }

    /** The vendor's type comes first, as with the vendor: a client that accepts anything gets it. */
    private static Stream<Form> withVendorType(Form form) {
        String vendorType = form.format() instanceof JsonForm json ? json.vendorType() : null;
        return vendorType == null ? Stream.of(form) : Stream.of(new Form(form.format(), vendorType), form);
    }

    List<HealthFormat> all() {
        return forms.stream().map(Form::format).distinct().toList();
    }

    /** Returns this library's JSON. */
    Form own() {
        return own;
    }

    /** Returns JSON if the request accepts none of the forms: an unexpected answer is better than none. */
    Form acceptedBy(HealthRequest request) {
        String header = request.header("Accept");
        if (header == null || header.equals("*/*")) {
            return forms.get(0);
        }
        Form form = forms.get(acceptedBy(new Accept(header, types), request));
        return form.format() instanceof PageFormat page ? form.with(page.linkedTo(request.home())) : form;
    }

    /** HTML is for navigations, and for clients that accept no JSON: many programs send the header of a browser. */
    private int acceptedBy(Accept accept, HealthRequest request) {
        int best = accept.best();
        return types.get(best).equals(HTML) && accept.namesJsonOrAll() && !request.isNavigation()
                ? accept.bestExcept(best)
                : best;
    }
}
