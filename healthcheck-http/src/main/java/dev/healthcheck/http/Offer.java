package dev.healthcheck.http;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The forms that an {@code Accept} header chooses from, the default first. Immutable. */
final class Offer {
    private static final MediaType HTML = new MediaType("text", "html");

    private final List<Form> forms;
    private final List<MediaType> types;

    /** A format of {@code added} replaces the format of the same media type before it, or comes last. */
    Offer(Form json, Map<String, String> service, List<HealthFormat> added) {
        Map<MediaType, Form> byType = new LinkedHashMap<>();
        put(byType, json);
        put(byType, new Form(new JsonForm(HealthJsonShape.CONTENT_TYPE, null, new HealthJsonShape(service))));
        put(byType, new Form(new TextFormat()));
        put(byType, new Form(new PageFormat(service, null, InstantSource.system())));
        added.forEach(format -> put(byType, new Form(format)));
        forms = byType.values().stream()
                .flatMap(form -> Stream.of(form.vendors(), form).distinct())
                .toList();
        types = forms.stream().map(Form::type).toList();
    }

    private static void put(Map<MediaType, Form> byType, Form form) {
        byType.put(form.type(), form);
    }

    List<HealthFormat> formats() {
        return forms.stream().map(Form::format).distinct().toList();
    }

    Form acceptedBy(String header, HealthRequest request) {
        Form form = forms.get(best(new Accept(header, types), request));
        return form.format() instanceof PageFormat page ? form.with(page.linkedTo(request.home())) : form;
    }

    /** HTML is for navigations, and for clients that accept no JSON: many programs send the header of a browser. */
    private int best(Accept accept, HealthRequest request) {
        int best = accept.best();
        return types.get(best).equals(HTML) && accept.namesJsonOrAll() && !request.isNavigation()
                ? accept.bestExcept(best)
                : best;
    }
}
