package dev.healthcheck.http;

import static dev.healthcheck.testkit.Patience.assertAnsweredWithin;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptTest {
    private static final List<MediaType> OFFERED = Stream.of(
                    "application/json", "application/health+json", "text/plain;charset=utf-8", "text/html")
            .map(MediaType::of)
            .toList();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/json                                            | application/json",
                "text/plain                                                  | text/plain",
                "TEXT/Plain; charset=latin1                                  | text/plain",
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 | text/html",
                "application/json, text/plain, */*                           | application/json",
                "application/vnd.spring-boot.actuator.v3+json,application/json | application/json",
                "text/*                                                      | text/plain",
                "text/*, text/plain;q=0.1                                    | text/html",
                "text/plain;q=0.1, text/*                                    | text/html",
                "text/plain;q=0.5, application/json;q=0.4                    | text/plain",
                "text/plain;q=0.001, application/json;q=0                    | text/plain",
                "*/*, application/json;q=0.9                                 | application/health+json",
                "*/*;q=0.1                                                   | application/json",
                "application/health+json ; q=1.000                           | application/health+json",
                "text/plain;version=0.0.4;q=0.9,*/*;q=0.1                    | text/plain",
                "text/plain;Q=0.2,text/html;q=0.3                            | text/html",
                ",text/html                                                  | text/html",
                "text/plain;q=0.2,text/html;a;q=0.3                          | text/html",
                "text/html;q=.2,text/plain;q=.1                              | text/html",
                "text/plain;q=.2,text/html;q=0.19                            | text/plain",
                "text/html;q=1.,text/plain;q=0.999                           | text/html",
            })
    void the_best_that_is_accepted_is_chosen(String header, String chosen) {
        assertThat(best(header)).isEqualTo(MediaType.of(chosen));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/html, text/*;q=0.5, application/*     | text/html",
                "application/*, text/html                   | text/html",
                "text/plain, text/*, */*                    | text/plain",
                "text/*                                     | text/plain",
                "*/*                                        | application/json",
                "text/html, text/plain, application/json    | text/html",
                "text/plain, text/html                      | text/plain",
                "text/plain;q=0.5, application/*;q=0.5      | text/plain",
                "application/json, text/plain, */*          | application/json",
            })
    void of_equal_weights_the_type_that_is_named_first_wins_and_wildcards_leave_our_order(
            String header, String chosen) {
        assertThat(best(header)).isEqualTo(MediaType.of(chosen));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/html                                | false",
                "text/html, application/*                 | false",
                "text/html, image/png                     | false",
                "text/html, */*;q=0                       | false",
                "text/html, application/json;q=0          | false",
                "text/html, application/xml               | false",
                "text/html, */*;q=0.001                   | true",
                "text/html, application/json;q=0.1        | true",
                "text/html, application/health+json;q=0.1 | true",
            })
    void json_is_accepted_by_name_or_with_everything(String header, boolean accepted) {
        assertThat(new Accept(header, OFFERED).namesJsonOrAll()).isEqualTo(accepted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                ",,,",
                ";",
                "/",
                "*",
                "*/",
                "/*",
                "*/json",
                "json",
                "image/png",
                "application/json;q=0",
                "*/*;q=0",
                "text/html;q=2",
                "text/html;q=-1",
                "text/html;q=",
                "text/html;q=NaN",
                "text/html;q=1e0",
                "text/html;q=0.5000",
                "text/html;q=.",
                "text/html;q=1.001",
                "text/html;q=00.5",
                "text/html;q=0.x",
                "text/html;;;q=x",
                "\u0000",
                "text/ html/",
                "q=1",
                ";q=1",
                "text/html;q=0,text/plain;q=0"
            })
    void what_cannot_be_read_or_given_is_json(String header) {
        assertThat(best(header)).isEqualTo(OFFERED.get(0));
    }

    @Test
    void what_cannot_be_read_takes_nothing_from_what_can() {
        assertThat(best("foo, ;q=1, text/html;q=0.2;, bar/")).isEqualTo(MediaType.of("text/html"));
    }

    @Test
    void a_header_of_a_megabyte_takes_no_time() throws Exception {
        for (String element : List.of(",", ";", "text/html;q=0.1,", "a/b;q=0.5,", "*/*;q=0.0001;x=", "/")) {
            String header = element.repeat(1024 * 1024 / element.length());
            assertThat(assertAnsweredWithin(ofSeconds(2), () -> best(header))).isIn(OFFERED);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text",
                "text/",
                "/html",
                ";charset=utf-8",
                ";text/html",
                "a/b;c=\r\nSet-Cookie: d",
                "a/b;c=\u00e9"
            })
    void a_content_type_that_is_none_is_refused(String contentType) {
        assertThatThrownBy(() -> MediaType.of(contentType))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("contentType: " + contentType + " (expected: type/subtype)");
    }

    private static MediaType best(String header) {
        return OFFERED.get(new Accept(header, OFFERED).best());
    }
}
