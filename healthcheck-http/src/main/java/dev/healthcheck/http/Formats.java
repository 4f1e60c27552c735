package dev.healthcheck.http;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All forms of one endpoint, one for each media type. The first is the default. Immutable. */
final class Formats {
    private final List<MediaType> types;
    private final List<Form> forms;
    /** For answers that a user's format fails to write. */
    private final Form own;

    /** A format of {@code added} replaces the format of the same media type before it, or comes last. */
    Formats(Map<String, String> service, List<HealthFormat> added) {
        own = new Form(new JsonFormat(service));
        Map<MediaType, Form> byType = new LinkedHashMap<>();
        put(byType, own);
        put(byType, new Form(new JsonForm(HealthJsonShape.CONTENT_TYPE, new HealthJsonShape(service))));
        put(byType, new Form(new TextFormat()));
        put(byType, new Form(new PageFormat(service, null, InstantSource.system())));
        added.forEach(format -> put(byType, new Form(format)));
        types = List.copyOf(byType.keySet());
        forms = List.copyOf(byType.values());
    }

    private static void put(Map<MediaType, Form> byType, Form form) {
        byType.put(MediaType.of(form.format().contentType()), form);
    }

    List<HealthFormat> all() {
        return forms.stream().map(Form::format).toList();
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
        Form form = forms.get(Accept.best(header, types));
        return form.format() instanceof PageFormat page ? form.with(page.linkedTo(request.home())) : form;
    }
}
