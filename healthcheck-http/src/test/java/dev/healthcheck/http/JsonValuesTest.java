package dev.healthcheck.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonValuesTest {

    @Test
    void plain_values_are_written_as_what_they_are() throws IOException {
        assertThat(written(null)).isEqualTo("null");
        assertThat(written(true)).isEqualTo("true");
        assertThat(written((byte) 1)).isEqualTo("1");
        assertThat(written(Long.MIN_VALUE)).isEqualTo("-9223372036854775808");
        assertThat(written(0.5f)).isEqualTo("0.5");
        assertThat(written(1e300)).isEqualTo("1.0E300");
        assertThat(written(BigInteger.TEN.pow(30))).isEqualTo("1" + "0".repeat(30));
        assertThat(written(new BigDecimal("1E+400"))).isEqualTo("1E+400");
        assertThat(written(List.of(1, List.of("a")))).isEqualTo("[1,[\"a\"]]");
        assertThat(written(Map.of("a", List.of()))).isEqualTo("{\"a\":[]}");
        assertThat(written(List.of(Map.of("a", 1), 2))).isEqualTo("[{\"a\":1},2]");
    }

    @Test
    void of_everything_else_the_text_is_written() throws IOException {
        assertThat(written(Double.NaN)).isEqualTo("\"NaN\"");
        assertThat(written(Float.NEGATIVE_INFINITY)).isEqualTo("\"-Infinity\"");
        assertThat(written(new AtomicLong(7))).isEqualTo("\"7\"");
        assertThat(written(URI.create("a:b"))).isEqualTo("\"a:b\"");
    }

    @Test
    void many_small_values_are_cut_short_too() throws IOException {
        assertThat(written(Collections.nCopies(1_000_000, 1)))
                .hasSizeLessThan(20_000)
                .endsWith(",\"…\"]");
        assertThat(written(Collections.nCopies(1_000_000, true)))
                .hasSizeLessThan(20_000 * 6)
                .endsWith(",\"…\"]");
        assertThat(written(Collections.nCopies(1_000_000, null)))
                .hasSizeLessThan(20_000 * 5)
                .endsWith(",\"…\"]");
    }

    @Test
    void what_is_too_much_is_cut_at_twenty_thousand_characters_of_which_each_value_and_name_takes_four_more()
            throws IOException {
        assertThat(written(Collections.nCopies(3999, 1))).endsWith(",1]");
        assertThat(written(Collections.nCopies(4000, 1))).endsWith(",1,\"…\"]").hasSize(2 * 3999 + 5);
        assertThat(written(numbered(1333))).endsWith(":1}");
        assertThat(written(numbered(1334))).endsWith(":1,\"…\":\"…\"}");
    }

    private static Map<String, Integer> numbered(int entries) {
        Map<String, Integer> map = new LinkedHashMap<>();
        for (int i = 0; i < entries; i++) {
            map.put(String.format("%06d", i), 1);
        }
        return map;
    }

    @Test
    void half_a_character_becomes_a_question_mark_and_any_other_text_stays_what_it_is() {
        String plain = "plain";

        assertThat(JsonValues.wellFormed(plain)).isSameAs(plain);
        assertThat(JsonValues.wellFormed("a\ud83d\ude00b")).isEqualTo("a\ud83d\ude00b");
        assertThat(JsonValues.wellFormed("a\ud83db")).isEqualTo("a?b");
        assertThat(JsonValues.wellFormed("\ude00")).isEqualTo("?");
    }

    private static String written(@Nullable Object value) throws IOException {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            new JsonValues(json).write(Collections.singletonMap("k", value));
        }
        return out.toString().replaceAll("^\\{\"k\":|}$", "");
    }
}
