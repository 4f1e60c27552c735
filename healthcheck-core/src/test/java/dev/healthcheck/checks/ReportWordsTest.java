package dev.healthcheck.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the probe client says about a body. In these texts, single quotes stand for double quotes. */
class ReportWordsTest {
    private static final String DB =
            "'orders-db':{'status':'DOWN','required':true,'reason':'unreachable','ref':'k3f9a2'}";
    private static final String CACHE =
            "'cache':{'status':'DOWN','required':true,'reason':'timeout','durationMs':300.4}";
    private static final String OPTIONAL = "'search':{'status':'DOWN','required':false,'reason':'auth'}";
    private static final String SLOW = "'slow':{'status':'DEGRADED','required':true,'reason':'slow'}";
    private static final String FINE = "'fine':{'status':'UP','required':true,'durationMs':1.8}";

    @Test
    void the_required_check_that_is_down_is_named_with_its_reason() {
        assertThat(down(FINE, DB)).isEqualTo(" DOWN orders-db unreachable");
    }

    @Test
    void what_is_optional_or_not_down_is_not_the_cause() {
        assertThat(down(OPTIONAL, SLOW, DB, FINE)).isEqualTo(" DOWN orders-db unreachable");
    }

    @Test
    void two_checks_are_named() {
        assertThat(down(DB, FINE, CACHE)).isEqualTo(" DOWN orders-db unreachable, cache timeout");
    }

    @Test
    void further_checks_are_counted() {
        assertThat(down(DB, CACHE, DB, OPTIONAL, DB, DB))
                .isEqualTo(" DOWN orders-db unreachable, cache timeout and 3 more");
    }

    @Test
    void a_check_without_a_reason_is_named() {
        assertThat(down("'migrations':{'status':'DOWN','required':true}")).isEqualTo(" DOWN migrations");
    }

    @Test
    void a_degraded_report_names_what_is_not_up() {
        assertThat(words("{'status':'DEGRADED','checks':{" + FINE + "," + OPTIONAL + "," + SLOW + "}}"))
                .isEqualTo(" DEGRADED search auth, slow slow");
    }

    @Test
    void a_report_that_is_up_has_nobody_to_name() {
        assertThat(words("{'status':'UP','checks':{" + FINE + "," + DB + "}}")).isEqualTo(" UP");
    }

    @ParameterizedTest
    @ValueSource(strings = {"draining", "starting", "closed", "pending"})
    void a_reason_of_the_whole_is_the_reason(String reason) {
        assertThat(words("{'status':'DOWN','reason':'" + reason + "','checks':{" + DB + "}}"))
                .isEqualTo(" DOWN " + reason);
    }

    @Test
    void a_single_check_says_its_own_reason() {
        assertThat(words("{'name':'orders-db','status':'DOWN','required':true,'reason':'unreachable','runs':[{'status':"
                        + "'UP'}],'changes':[{'to':'DOWN','reason':'auth'}]}\n"))
                .isEqualTo(" DOWN unreachable");
    }

    @Test
    void private_details_are_passed_over() {
        String details =
                "'message':'a \\'quoted\\' } ] word\\\\','details':{'status':'UP','list':[1,-2.5e+3,{'x':null}]},"
                        + "'stack':[],'error':'\u00fc'";

        assertThat(down("'db':{'status':'DOWN'," + details + ",'required':true,'reason':'auth'}"))
                .isEqualTo(" DOWN db auth");
    }

    /** Every cut of a report says what is known so far, and no more. */
    @Test
    void a_cut_report_says_no_wrong_word() {
        String body = report("DOWN", DB, FINE, CACHE, OPTIONAL, DB, DB).replace('\'', '"');
        for (int end = 0; end < body.length(); end++) {
            assertThat(" DOWN orders-db unreachable, cache timeout and at least 2 more")
                    .startsWith(ReportWords.of(body.substring(0, end)).replace("least 1", "least 2"));
        }
    }

    @Test
    void a_cut_report_does_not_know_how_many_more_there_are() {
        String body = report("DOWN", DB, CACHE, DB);

        assertThat(words(body.substring(0, body.length() - 2)))
                .isEqualTo(" DOWN orders-db unreachable, cache timeout and at least 1 more");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'status':'DOWN','components':{'db':{'status':'DOWN','details':{'required':true}}}} | ' DOWN'",
                "{'status':'OUT_OF_SERVICE','components':{}} | ' OUT_OF_SERVICE'",
                "{'status':'DOWN','checks':[{'name':'db','status':'DOWN','data':{'required':true}}]} | ' DOWN'",
                "{'status':'fail','output':'draining','checks':{'db':[{'status':'fail'}]}} | ''",
                "{'problem':'no such check'} | ''",
                "[-]orders-db failed: unreachable | ''",
                "<!doctype html><html><body>{'status':'UP'}</body></html> | ''",
                "{'status':true} | ''",
                "'UP' | ''",
                "{} | ''",
                "{ | ''",
                "'' | ''"
            })
    void another_form_says_its_status_or_nothing(String body, String words) {
        assertThat(words(body)).isEqualTo(words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'status':'UP\u001b[2J'}",
                "{'status':'U\nP'}",
                "{'status':'\\u0055P'}",
                "{'status':'ÜP'}",
                "{'status':'UP DOWN'}",
                "{'status':''}",
                "{'status':'ABCDEFGHIJKLMNOPQRSTU'}"
            })
    void a_status_of_another_form_is_not_repeated(String body) {
        assertThat(words(body)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "A", "-a", "a-", "a--b", "a_b", "\u0661", "a\\nb", "\\u0061", "\u001b[2J", ""})
    void a_reason_of_another_form_is_not_repeated(String reason) {
        assertThat(words("{'status':'DOWN','reason':'" + reason + "'}")).isEqualTo(" DOWN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "-a", ".a", "a/b", "\u00e4", "a\\nb", "\\u0061", "\u001b[2J", "a:b", ""})
    void a_name_of_another_form_is_not_repeated(String name) {
        assertThat(down("'" + name + "':{'status':'DOWN','required':true}")).isEqualTo(" DOWN");
    }

    @Test
    void the_words_are_bounded() {
        String name = "n".repeat(64);
        String reason = "r".repeat(40);
        String check = "'" + name + "':{'status':'DOWN','required':true,'reason':'" + reason + "'}";

        assertThat(down(check, check, check))
                .isEqualTo(" DOWN " + name + " " + reason + ", " + name + " " + reason + " and 1 more");
        assertThat(down("'n" + name + "':{'status':'DOWN','required':true,'reason':'" + reason + "'}"))
                .isEqualTo(" DOWN");
        assertThat(words("{'status':'DOWN','reason':'r" + reason + "'}")).isEqualTo(" DOWN");
    }

    /** Whatever comes, there are no more than words. */
    @Test
    void damage_does_no_harm() {
        Random random = new Random(13);
        String body = report("DOWN", DB, FINE, CACHE, OPTIONAL).replace('\'', '"');
        String spice = "{}[]\",:\\ \u001b0t\n";
        for (int i = 0; i < 100_000; i++) {
            StringBuilder damaged = new StringBuilder(body);
            for (int j = random.nextInt(4); j >= 0; j--) {
                damaged.setCharAt(random.nextInt(damaged.length()), spice.charAt(random.nextInt(spice.length())));
            }
            damaged.setLength(random.nextInt(damaged.length()) + 1);

            assertThat(ReportWords.of(damaged.toString())).matches("( [A-Za-z0-9._,-]+)*");
        }
    }

    private static String down(String... checks) {
        return words(report("DOWN", checks));
    }

    private static String report(String status, String... checks) {
        return "{'status':'" + status + "','probe':'ready','timestamp':'2026-01-01T10:00:00.123Z','durationMs':301.2,"
                + "'service':{'name':'orders','status':'UP'},'checks':{" + String.join(",", checks) + "}}";
    }

    private static String words(String body) {
        return ReportWords.of(body.replace('\'', '"'));
    }
}
