package dev.healthcheck.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes the details of a check: texts, numbers, booleans, and lists and maps of them. Writes the text of any other
 * value. After {@value Limits#DETAIL_CHARACTERS} characters, an ellipsis stands for the rest.
 */
final class JsonValues {
    private static final Set<Class<?>> EXACT =
            Set.of(Byte.class, Short.class, Integer.class, Long.class, BigInteger.class, BigDecimal.class);

    private final JsonGenerator json;
    private int left = Limits.DETAIL_CHARACTERS;

    JsonValues(JsonGenerator json) {
        this.json = json;
    }

    void write(Map<?, ?> map) throws IOException {
        json.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (left <= 0) {
                json.writeStringField(Limits.CUT, Limits.CUT);
                break;
            }
            json.writeFieldName(counted(String.valueOf(entry.getKey())));
            write(entry.getValue());
        }
        json.writeEndObject();
    }

    /**
     * Writes the entries as members of the current object, for readers that know no nesting: a list or map is the text of
     * its JSON. An entry whose name is one of {@code taken} gets the prefix {@code details.}, for no name may come twice.
     */
    void writeFlat(Map<String, @Nullable Object> map, Set<String> taken) throws IOException {
        for (Map.Entry<String, @Nullable Object> entry : map.entrySet()) {
            if (left <= 0) {
                json.writeStringField(Limits.CUT, Limits.CUT);
                return;
            }
            String name = counted(entry.getKey());
            json.writeFieldName(taken.contains(name) ? "details." + name : name);
            writeFlat(entry.getValue());
        }
    }

    private void writeFlat(@Nullable Object value) throws IOException {
        if (value instanceof Map || value instanceof List) {
            json.writeString(text(value));
        } else {
            write(value == null ? "null" : value);
        }
    }

    private String text(Object nested) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = Json.generator(text)) {
            JsonValues values = new JsonValues(generator);
            values.left = left;
            values.write(nested);
            left = values.left;
        }
        return text.toString();
    }

    private void write(List<?> list) throws IOException {
        json.writeStartArray();
        for (Object value : list) {
            if (left <= 0) {
                json.writeString(Limits.CUT);
                break;
            }
            write(value);
        }
        json.writeEndArray();
    }

    private void write(@Nullable Object value) throws IOException {
        if (value instanceof Map<?, ?> map) {
            write(map);
        } else if (value instanceof List<?> list) {
            write(list);
        } else if (value instanceof Number number) {
            write(number);
        } else if (value instanceof Boolean bool) {
            left -= Limits.CHARACTERS_PER_VALUE;
            json.writeBoolean(bool);
        } else if (value == null) {
            left -= Limits.CHARACTERS_PER_VALUE;
            json.writeNull();
        } else {
            json.writeString(counted(value.toString()));
        }
    }

    private void write(Number number) throws IOException {
        String text = counted(number.toString());
        if (isPlain(number)) {
            json.writeNumber(text);
        } else {
            json.writeString(text);
        }
    }

    /** Returns whether the text of {@code number} is a number in JSON, too. That of NaN is not. */
    private static boolean isPlain(Number number) {
        return EXACT.contains(number.getClass())
                || ((number instanceof Double || number instanceof Float) && Double.isFinite(number.doubleValue()));
    }

    private String counted(String text) {
        left -= text.length() + Limits.CHARACTERS_PER_VALUE;
        return wellFormed(text);
    }

    /** Returns the same text with a question mark for each lone surrogate, which UTF-8 cannot hold. */
    static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return new String(text.getBytes(UTF_8), UTF_8);
            }
        }
        return text;
    }
}
