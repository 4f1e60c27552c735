package dev.healthcheck.http;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Builds HTML. Escapes untrusted text, between tags and in quoted attributes. */
final class Html {
    private final StringBuilder html = new StringBuilder(8192);

    Html markup(String trusted) {
        html.append(trusted);
        return this;
    }

    Html text(String untrusted) {
        untrusted.codePoints().forEach(this::write);
        return this;
    }

    /** Writes {@code <p class="c">text</p>}. */
    Html element(String name, String attributes, String text) {
        html.append('<').append(name).append(attributes.isEmpty() ? "" : " ").append(attributes);
        return markup(">").text(text).markup("</").markup(name).markup(">");
    }

    byte[] bytes() {
        return html.toString().getBytes(UTF_8);
    }

    private void write(int character) {
        switch (character) {
            case '&' -> html.append("&amp;");
            case '<' -> html.append("&lt;");
            case '>' -> html.append("&gt;");
            case '"' -> html.append("&quot;");
            case '\'' -> html.append("&#39;");
            case '\n', '\t' -> html.append((char) character);
            default -> html.appendCodePoint(Characters.isHarmless(character) ? character : '\ufffd');
        }
    }
}
