package dev.healthcheck.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Probe;
import dev.healthcheck.Registration;
import dev.healthcheck.Status;
import dev.healthcheck.testkit.Wording;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageFormatTest {
    private static final Instant START = Instant.parse("2026-01-01T10:00:00.123Z");
    private static final String OUTBREAK =
            "</p></main></title></style></script><script>alert(1)</script><img src=x>\"'&\r\n";

    private final AtomicReference<Instant> clock = new AtomicReference<>(START);
    private final HealthCheckRegistry registry = HealthCheckRegistry.builder()
            .answerWithin(ofSeconds(20))
            .defaults(o -> o.timeout(ofSeconds(15)).cacheFor(ofMinutes(10)))
            .clock(clock::get)
            .build();
    private final Map<String, String> service = new LinkedHashMap<>();
    private final HealthFormat format = new PageFormat(service, "./", clock::get);

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void text_is_escaped_and_what_steers_the_text_around_it_is_replaced() {
        assertWritten("a<b>c&d", "a&lt;b&gt;c&amp;d");
        assertWritten("\"'", "&quot;&#39;");
        assertWritten("&lt;", "&amp;lt;");
        assertWritten("\u00e4\u05d0\u0639\ud83d\ude00\n\t", "\u00e4\u05d0\u0639\ud83d\ude00\n\t");
        assertWritten(
                "\u0645\u06cc\u200c\u062e \ud83d\udc69\u200d\ud83d\ude92",
                "\u0645\u06cc\u200c\u062e \ud83d\udc69\u200d\ud83d\ude92");
        String controls = "\r\0\u001b\u007f\u0085";
        String marks = "\u202a\u202e\u2066\u2069\u200e\u200f\u061c\u200b\ufeff\u00ad\u2028\u2029";
        String nothing = "\uffff\ufdd0\ude00\ud83d";
        for (char bad : (controls + marks + nothing).toCharArray()) {
            assertWritten("a" + bad + "b", "a\ufffdb");
        }
        assertWritten("a" + Character.toString(0xe0041), "a\ufffd");
    }

    private static void assertWritten(String text, String written) {
        assertThat(new String(new Html().text(text).bytes(), UTF_8)).isEqualTo(written);
    }

    @Test
    void all_is_well() {
        registry.register("orders-db", CheckResult::up);
        registry.register("cache", CheckResult::up, o -> o.optional());

        Document page = report(null);

        assertThat(page.title()).isEqualTo("UP \u00b7 health");
        assertThat(page.select("main.up h1").text()).isEqualTo("UP");
        assertThat(page.select("h1 svg.icon[aria-hidden=true]")).hasSize(1);
        assertThat(page.select("header > p").eachText()).contains("2 UP");
        assertThat(page.select(".checks > li").eachAttr("id")).containsExactly("check-orders-db", "check-cache");
        assertThat(page.select(".word").eachText()).containsExactly("UP required", "UP optional");
        assertThat(page.select("#check-cache dt").eachText()).containsExactly("since", "last run");
        assertThat(page.select(".changes li").eachText())
                .containsExactlyInAnyOrder("10:00:00 orders-db is UP", "10:00:00 cache is UP");
        assertThat(page.select(".changes .now svg.icon")).hasSize(2);
    }

    @Test
    void a_check_that_is_required_to_start_says_so_before_and_after_it_has_been_well() {
        AtomicReference<CheckResult> answer = new AtomicReference<>(CheckResult.down("gone"));
        registry.register("db", answer::get, o -> o.requiredToStart().cacheFor(Duration.ZERO));

        assertThat(report(null).select(".word").text()).isEqualTo("DOWN required to start");
        answer.set(CheckResult.up());
        assertThat(report(null).select(".word").text()).isEqualTo("UP optional, was required to start");
        answer.set(CheckResult.down("gone"));

        Document page = report(null);
        assertThat(page.select(".word").text()).isEqualTo("DOWN optional, was required to start");
        assertThat(page.select("h1").text()).isEqualTo("DEGRADED");
        assertThat(page.select("header .wrong li").eachText()).containsExactly("db (optional)");
    }

    @Test
    void what_is_wrong_comes_first_and_is_named_with_its_reason() {
        registry.register("a", CheckResult::up);
        registry.register("b", () -> CheckResult.degraded("busy").withReason("pool-exhausted"));
        registry.register("c", () -> CheckResult.down("gone"), o -> o.optional());
        registry.register("d", CheckResult::up);
        registry.register("e", () -> CheckResult.down("no route").withReason("unreachable"));

        Document page = report(null);

        assertThat(page.select(".checks > li").eachAttr("id"))
                .containsExactly("check-c", "check-e", "check-b", "check-a", "check-d");
        assertThat(page.select("header .wrong li").eachText())
                .containsExactly("c (optional)", "e: unreachable", "b: pool-exhausted");
        assertThat(page.select("header .wrong a").eachAttr("href")).containsExactly("./c", "./e", "./b");
        assertThat(page.select("header .wrong li").first().select("rect")).hasSize(1);
    }

    @Test
    void the_head_stays_readable_however_many_checks_are_down() {
        for (int i = 0; i < 33; i++) {
            boolean down = i < 20;
            registry.register("check-" + i, () -> down ? CheckResult.down("gone") : CheckResult.up());
        }

        List<String> named = report(null).select("header .wrong li").eachText();

        assertThat(named).hasSize(9).startsWith("check-0", "check-1").endsWith("check-7", "and 12 more");
    }

    @Test
    void a_check_s_page_says_what_was_set_and_what_its_reason_means() {
        registry.register(
                "orders-db", () -> CheckResult.down("no route").withReason("unreachable"), o -> o.timeout(ofMillis(700))
                        .probes(Probe.STARTUP, Probe.READINESS));
        registry.register("tick", CheckResult::up, o -> o.timeout(ofSeconds(2)).every(ofSeconds(30)));
        registry.register("own", () -> CheckResult.down("x").withReason("a-code-of-my-own"));

        Document db = check("orders-db", false);

        assertThat(facts(db.selectFirst(".check")))
                .containsEntry("probes", "readiness, startup")
                .containsEntry("timeout", "700 ms")
                .containsEntry("runs", "when a caller asks");
        assertThat(db.select(".meaning").eachText())
                .containsExactly(
                        "Databases: no connection to the database can be opened, the connection broke, or it is open and no"
                                + " answer comes",
                        "Other servers: there is no way to any address of the name, or none of them answers");
        assertThat(facts(check("tick", false).selectFirst(".check")))
                .containsEntry("timeout", "2 s")
                .containsEntry("runs", "every 30 s");
        assertThat(check("tick", false).select(".meaning")).isEmpty();
        assertThat(check("own", false).select(".meaning")).isEmpty();
    }

    @Test
    void a_check_s_page_names_it_once() {
        registry.register("orders-db", CheckResult::up);

        assertThat(check("orders-db", true).body().text()).containsOnlyOnce("orders-db");
    }

    @Test
    void the_trend_tells_its_longest_run_to_those_who_see_it() {
        AtomicReference<CheckResult> result = new AtomicReference<>(CheckResult.up());
        Registration db = registry.register("orders-db", result::get);
        assertThat(report(null).select(".scale").text()).matches("at most \\d+\\.\\d ms in 1 run");
        result.set(CheckResult.down("gone"));
        db.runNow();

        assertThat(report(null).select(".scale[aria-hidden]").text())
                .matches("at most \\d+\\.\\d ms in 2 runs; 1 failed \\(marked\\)");
    }

    @Test
    void nothing_registered_is_a_page_too() {
        Document page = report(Probe.LIVENESS);

        assertThat(page.title()).isEqualTo("UP \u00b7 live \u00b7 health");
        assertThat(page.select("header > p").eachText()).contains("no checks");
        assertThat(page.select(".checks > li, .changes")).isEmpty();
    }

    @Test
    void a_check_that_fails_says_why_since_when_and_how_often() {
        AtomicReference<CheckResult> result = new AtomicReference<>(CheckResult.up());
        Registration db = registry.register("orders-db", result::get);
        db.runNow();
        tick(ofMinutes(1));
        result.set(CheckResult.down("no route").withReason("unreachable"));
        db.runNow();
        tick(ofSeconds(30));
        db.runNow();
        tick(ofMinutes(3));

        Document page = report(Probe.READINESS);

        assertThat(page.title()).isEqualTo("DOWN \u00b7 ready \u00b7 health");
        assertThat(page.select("main.down h1").text()).isEqualTo("DOWN");
        Element check = page.selectFirst("#check-orders-db.down");
        assertThat(check.select(".word").text()).isEqualTo("DOWN: unreachable required");
        assertThat(facts(check))
                .containsEntry("since", "10:01:00, for 3 min")
                .containsEntry("failures", "2 in a row")
                .hasEntrySatisfying(
                        "last run", last -> assertThat(last).matches("10:01:30, 3 min ago, took \\d+\\.\\d ms"))
                .hasEntrySatisfying("ref", ref -> assertThat(ref).matches("[a-z0-9]{6}"));
        assertThat(check.select("time").first().attr("datetime")).isEqualTo("2026-01-01T10:01:00.123Z");
        assertThat(page.selectFirst(".changes li").wholeText())
                .matches("10:01:00 orders-db UP \u2192 +DOWN: unreachable, ref [a-z0-9]{6}");
        assertThat(page.select("header").text()).contains("As of 10:04:30 UTC");
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 s",
        "PT59.9S, 59 s",
        "PT1M, 1 min",
        "PT59M59S, 59 min",
        "PT1H, 1 h",
        "PT47H59M, 47 h",
        "PT48H, 2 days",
        "PT-5S, 0 s"
    })
    void how_long_is_told_in_one_unit(Duration elapsed, String words) {
        registry.register("orders-db", CheckResult::up);
        registry.check();
        tick(elapsed);

        assertThat(facts(report(null).selectFirst("#check-orders-db")).get("since"))
                .endsWith(", for " + words);
    }

    @Test
    void a_time_of_another_day_has_its_date() {
        registry.register("orders-db", CheckResult::up);
        registry.check();
        tick(Duration.ofHours(14));

        assertThat(report(null).select("dd time").first().text()).isEqualTo("2026-01-01 10:00:00");
    }

    @ParameterizedTest
    @ValueSource(strings = {"starting", "draining", "closed"})
    void a_reason_for_the_whole_is_told_in_words(String reason) {
        if (reason.equals("starting")) {
            registry.register("migrations", () -> CheckResult.down("pending"), o -> o.probes(Probe.STARTUP));
        } else if (reason.equals("draining")) {
            registry.drain();
        } else {
            registry.close();
        }

        Document page = report(null);

        assertThat(page.select("h1").text()).isEqualTo("DOWN");
        assertThat(page.select(".why").text()).startsWith(reason + ": ");
    }

    @Test
    void degraded_has_a_word_and_a_shape_of_its_own() {
        registry.register("orders-db", CheckResult::up);
        registry.register("pool", () -> CheckResult.degraded("busy").withReason("pool-exhausted"));
        registry.register("cache", () -> CheckResult.down("gone"), o -> o.optional());

        Document page = report(null);

        assertThat(page.select("main.degraded h1").text()).isEqualTo("DEGRADED");
        assertThat(page.select("header > p").eachText()).contains("1 DOWN, 1 DEGRADED, 1 UP");
        assertThat(page.select("#check-orders-db .word circle")).hasSize(1);
        assertThat(page.select("#check-pool .word polygon")).hasSize(1);
        assertThat(page.select("#check-cache .word rect")).hasSize(1);
    }

    @Test
    void a_stuck_check_tells_how_long_and_where_only_to_whom_it_may() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        registry.register(
                "stuck",
                () -> gate.await(60, SECONDS) ? CheckResult.up() : CheckResult.down("late"),
                o -> o.timeout(ofMillis(50)).cacheFor(Duration.ZERO).interruptOnTimeout(false));
        registry.check();

        await().until(() -> "stuck".equals(registry.check("stuck").orElseThrow().reason()));
        Element check = page(true).selectFirst("#check-stuck");

        assertThat(facts(check))
                .hasEntrySatisfying("stuck for", time -> assertThat(time).matches("\\d+ s"))
                .doesNotContainKeys("failures", "last run");
        assertThat(check.select("details pre").text()).contains("CountDownLatch.await");
        assertThat(page(false).select("details")).isEmpty();
        gate.countDown();
    }

    @Test
    void every_text_is_for_people_whatever_durations_and_counts_it_tells() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        AtomicReference<Duration> duration = new AtomicReference<>(Duration.ZERO);
        HealthCheck check = () -> never.await(duration.get().toMillis(), MILLISECONDS)
                ? CheckResult.up()
                : CheckResult.down("gone").withReason("unreachable");
        Registration slow = registry.register("slow", check);
        registry.register(
                "stuck",
                () -> never.await(60, SECONDS) ? CheckResult.up() : CheckResult.down("late"),
                o -> o.timeout(ofMillis(50)).cacheFor(Duration.ZERO).interruptOnTimeout(false));
        assertForPeople("slow");
        for (Duration next : List.of(ofMillis(1234), ofMillis(50), ofMillis(7))) {
            duration.set(next);
            slow.runNow();
            tick(ofMillis(next.toMillis() * 3_725));
            assertForPeople("slow");
        }
        assertForPeople("stuck");
        never.countDown();
    }

    private void assertForPeople(String name) {
        for (Document page : List.of(page(true), page(false), check(name, true), check(name, false))) {
            page.select("main *").forEach(element -> Wording.assertForPeople(element.ownText()));
            for (Element fact : page.select("dd, td")) {
                assertThat(fact.wholeText()).doesNotContainPattern("\\d (ms|s|min|h|days)\\b");
            }
            page.select("[aria-label]").eachAttr("aria-label").forEach(Wording::assertForPeople);
        }
        Wording.assertForPeople(new String(new TextFormat().report(registry.check(), true), UTF_8));
    }

    @Test
    void the_trend_has_a_bar_for_each_run_and_a_mark_for_each_that_failed() {
        AtomicReference<CheckResult> result = new AtomicReference<>(CheckResult.up());
        Registration db = registry.register("orders-db", result::get);
        for (CheckResult next : List.of(CheckResult.up(), CheckResult.down("gone"), CheckResult.degraded("slow"))) {
            result.set(next);
            db.runNow();
        }

        Element trend = report(null).selectFirst("svg.trend[role=img]");

        assertThat(trend.attr("aria-label"))
                .matches("Durations of the last 3 runs, at most \\d+\\.\\d\u00a0ms; 1 failed");
        assertThat(rectangles(trend, "up")).isEqualTo(1);
        assertThat(rectangles(trend, "down")).isEqualTo(2);
        assertThat(rectangles(trend, "degraded")).isEqualTo(2);
        assertThat(trend.select("path.down").attr("d")).startsWith("M232 24v-").endsWith("M232 26v6h3v-6z");
        assertThat(trend.select("path.degraded").attr("d"))
                .startsWith("M236 24v-")
                .endsWith("M236 26v3h3v-3z");
    }

    @Test
    void the_tallest_bar_is_that_of_the_longest_run() throws Exception {
        AtomicReference<Duration> duration = new AtomicReference<>(ofMillis(800));
        CountDownLatch never = new CountDownLatch(1);
        Registration db = registry.register(
                "orders-db",
                () -> never.await(duration.get().toMillis(), MILLISECONDS) ? CheckResult.down("") : CheckResult.up());
        db.runNow();
        duration.set(ofMillis(1));
        db.runNow();

        assertThat(report(null).select("path.up").attr("d")).matches("M232 24v-24h3v24zM236 24v-(\\d|1\\d)h3v\\d+z");
    }

    @Test
    void the_last_twenty_changes_of_all_checks_are_told_the_newest_first() {
        List<Registration> checks = List.of(flips("a"), flips("b"), flips("c"));
        for (int i = 0; i < 30; i++) {
            tick(ofSeconds(1));
            checks.get(i % 3).runNow();
        }

        List<String> times = report(null).select(".changes time").eachText();

        assertThat(times).hasSize(20).first().isEqualTo("10:00:30");
        assertThat(times).isSortedAccordingTo(Comparator.reverseOrder());
    }

    private Registration flips(String name) {
        AtomicInteger runs = new AtomicInteger();
        return registry.register(
                name, () -> runs.getAndIncrement() % 2 == 0 ? CheckResult.up() : CheckResult.down("gone"));
    }

    @Test
    void a_check_has_a_page_with_all_its_runs() {
        Registration db = registry.register("orders-db", () -> CheckResult.down("gone"), o -> o.optional());
        for (int i = 0; i < 70; i++) {
            tick(ofSeconds(1));
            db.runNow();
        }

        Document page = check("orders-db", false);

        assertThat(page.title()).isEqualTo("DOWN \u00b7 orders-db \u00b7 health");
        assertThat(page.select("h1").text()).isEqualTo("DOWN");
        assertThat(page.select(".changes li").eachText())
                .singleElement()
                .asString()
                .startsWith("10:00:01 is DOWN");
        assertThat(page.select("tbody tr.down svg.icon")).hasSize(60);
        assertThat(page.select("tbody tr").first().text()).matches("10:01:10 DOWN \\d+\\.\\d ms");
        assertThat(page.select("nav a[aria-current]")).isEmpty();
    }

    @Test
    void what_is_not_known_in_time_is_pending() {
        Document page = parse(format.pending(Status.DOWN));

        assertThat(page.title()).isEqualTo("DOWN \u00b7 health");
        assertThat(page.select("main.down .why").text()).startsWith("pending: ");
    }

    @Test
    void a_problem_has_a_way_back() {
        Document page = parse(format.problem("no such check"));

        assertThat(page.title()).isEqualTo("no such check \u00b7 health");
        assertThat(page.select("main.problem h1").text()).isEqualTo("no such check");
        assertThat(page.select("nav a").first().attr("href")).isEqualTo("./");
    }

    @Test
    void who_answers_is_told() {
        service.putAll(Map.of("name", "orders", "version", "1.4.2"));
        service.put("commit", "abc");

        Document page = report(Probe.STARTUP);

        assertThat(page.title()).isEqualTo("UP \u00b7 startup \u00b7 orders");
        assertThat(page.select("header p").first().text()).isEqualTo("orders 1.4.2");
        assertThat(facts(page.selectFirst("footer")))
                .containsEntry("name", "orders")
                .containsEntry("version", "1.4.2")
                .containsEntry("commit", "abc");
    }

    @Test
    void the_page_that_is_shown_is_marked_among_the_links() {
        Document page = report(Probe.LIVENESS);

        assertThat(page.select("nav a").eachAttr("href")).containsExactly("./", "./ready", "./live", "./startup");
        assertThat(page.select("nav a[aria-current=page]").text()).isEqualTo("live");
    }

    @Test
    void without_a_home_there_are_no_links() {
        registry.register("orders-db", CheckResult::up);
        HealthFormat homeless = new PageFormat(service, null, clock::get);

        Document page = parse(homeless.report(registry.check(), false));

        assertThat(page.select("a, nav")).isEmpty();
        assertThat(page.select("h3").text()).isEqualTo("orders-db");
    }

    @Test
    void what_is_sensitive_is_for_callers_who_may_see_it() {
        registry.register("db", () -> CheckResult.down("pw-message")
                .withDetail("pw-key", Map.of("a", 1))
                .withCause(new IllegalStateException("pw-cause")));
        registry.check();

        assertThat(new String(format.report(registry.check(), false), UTF_8)).doesNotContain("pw-", "last success");
        assertThat(new String(format.check(registry.check("db").orElseThrow(), false), UTF_8))
                .doesNotContain("pw-");
        Element check = page(true).selectFirst("#check-db");
        assertThat(check.select(".message").text()).isEqualTo("pw-message");
        assertThat(facts(check)).containsEntry("pw-key", "a 1");
        assertThat(check.select("pre").text()).isEqualTo("java.lang.IllegalStateException: pw-cause");
        assertThat(page(true).select(".changes .message").text()).isEqualTo("pw-message");
        registry.register("cache", CheckResult::up);
        assertThat(facts(page(true).selectFirst("#check-cache"))).containsEntry("last success", "10:00:00, 0 s ago");
    }

    @Test
    void hostile_texts_stay_where_they_are_put() {
        service.put("name", OUTBREAK);
        service.put(OUTBREAK, OUTBREAK + "\u202e\0\ud83d");
        registry.register("db", () -> CheckResult.down(OUTBREAK)
                .withDetail(OUTBREAK, List.of(OUTBREAK))
                .withCause(new IllegalStateException(OUTBREAK)));

        for (Document page : List.of(page(true), check("db", true))) {
            assertThat(page.select("script")).hasSize(1);
            assertThat(page.select("img, iframe, [onerror], [style]")).isEmpty();
            assertThat(page.select("main")).hasSize(1);
            assertThat(page.select("#check-db .message").text()).contains("<script>alert(1)</script>");
            assertThat(page.select("footer bdi").last().wholeText())
                    .isEqualTo(OUTBREAK.replace('\r', '\ufffd') + "\ufffd\ufffd\ufffd");
        }
    }

    @Test
    void details_are_cut_when_there_are_too_many() {
        registry.register("db", () -> {
            CheckResult result = CheckResult.down("gone");
            for (int i = 0; i < 200; i++) {
                result = result.withDetail("key" + i, "x".repeat(900));
            }
            return result;
        });

        Element check = page(true).selectFirst("#check-db");

        assertThat(check.text()).contains("key0", "key20", "\u2026").doesNotContain("key30");
        assertThat(check.text().length()).isLessThan(22_000);
    }

    @Test
    void details_are_cut_at_twenty_thousand_characters_in_all() {
        registry.register("exact", () -> thousands(CheckResult.up(), 11));
        registry.register("halved", () -> thousands(CheckResult.up().withDetail("k", "v".repeat(491)), 11));

        List<String> exact =
                page(true).select("#check-exact dl").get(1).select("dd").eachText();
        List<String> halved =
                page(true).select("#check-halved dl").get(1).select("dd").eachText();

        assertThat(exact).hasSize(10).containsOnly("v".repeat(996));
        assertThat(halved).hasSize(11).last().isEqualTo("v".repeat(500) + "\u2026");
    }

    /** Each detail counts as two thousand characters, name, value and their extra costs together. */
    private static CheckResult thousands(CheckResult result, int details) {
        CheckResult all = result;
        for (int i = 0; i < details; i++) {
            all = all.withDetail(String.format("%0996d", i), "v".repeat(996));
        }
        return all;
    }

    @Test
    void lists_and_maps_in_details_are_lists_on_the_page() {
        Map<String, Object> node = new LinkedHashMap<>();
        node.put("host", "db-1");
        node.put("slots", List.of("0-99", List.of(1, 2)));
        node.put("none", List.of());
        registry.register("db", () -> CheckResult.degraded("limps").withDetail("nodes", List.of(node)));

        Element nodes = page(true).selectFirst("#check-db > dl:last-of-type > dd");

        assertThat(nodes.select("> ul > li > dl > dt").eachText()).containsExactly("host", "slots", "none");
        assertThat(nodes.select("> ul > li > dl > dd").eachText()).containsExactly("db-1", "0-99 1 2", "[]");
        assertThat(nodes.select("dd > ul > li > ul > li").eachText()).containsExactly("1", "2");
        assertThat(nodes.select("bdi")).hasSize(8);
    }

    @Test
    void what_is_nested_too_deep_is_one_text() {
        Object value = "core";
        for (int i = 0; i < 5; i++) {
            value = i % 2 == 0 ? List.of(value) : Map.of("key", value);
        }
        Object deep = value;
        Html html = new Html();

        new PageValues(html).write(Map.of("deep", Map.of("deeper", deep)));

        Document written = Jsoup.parse(new String(html.bytes(), UTF_8));
        assertThat(written.select("dl, ul")).hasSize(5);
        assertThat(written.select("bdi").last().text()).isEqualTo("{key=[core]}");
    }

    @Test
    void what_is_nested_is_escaped_and_counts_towards_the_bound() {
        List<String> much = List.of(OUTBREAK, "x".repeat(1000));
        registry.register("db", () -> {
            CheckResult result = CheckResult.down("gone");
            for (int i = 0; i < 100; i++) {
                result = result.withDetail("key" + i, Map.of(OUTBREAK + i, much));
            }
            return result;
        });

        Document page = page(true);

        assertThat(page.select("script")).hasSize(1);
        assertThat(page.select("img")).isEmpty();
        Element check = page.selectFirst("#check-db");
        assertThat(check.select("dd dl dt").first().text()).contains("<script>alert(1)</script>");
        assertThat(check.select("bdi").last().text()).endsWith("\u2026");
        assertThat(check.text().length()).isBetween(19_000, 22_000);
    }

    @Test
    void the_policy_allows_what_is_in_the_page_and_nothing_else() throws Exception {
        Document page = report(null);

        assertThat(format.headers())
                .containsEntry("Referrer-Policy", "no-referrer")
                .containsEntry("Cross-Origin-Opener-Policy", "same-origin")
                .hasEntrySatisfying(
                        "Permissions-Policy", policy -> assertThat(policy).matches("([a-z-]+=\\(\\), )+[a-z-]+=\\(\\)"))
                .containsEntry(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src " + hash(page.selectFirst("style"))
                                + "; script-src " + hash(page.selectFirst("script"))
                                + "; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        assertThat(page.select("style").html()).contains("prefers-color-scheme: dark");
        assertThat(page.select("script").html()).contains("fetch(location.href");
        assertThat(page.select("[style], link, script[src], base, form")).isEmpty();
    }

    @Test
    void without_a_script_the_browser_reloads_the_page() {
        assertThat(report(null).select("head noscript meta[http-equiv=refresh]").attr("content"))
                .isEqualTo("10");
    }

    private void tick(Duration elapsed) {
        clock.updateAndGet(now -> now.plus(elapsed));
    }

    private Document report(Probe probe) {
        return parse(format.report(probe == null ? registry.check() : registry.check(probe), false));
    }

    private Document page(boolean details) {
        return parse(format.report(registry.check(), details));
    }

    private Document check(String name, boolean details) {
        return parse(format.check(registry.check(name).orElseThrow(), details));
    }

    /** Parses a page as browsers do, and refuses one that is not well-formed. */
    private static Document parse(byte[] page) {
        Parser parser = Parser.htmlParser().setTrackErrors(10);
        Document document = Jsoup.parse(new String(page, UTF_8), "", parser);
        assertThat(parser.getErrors()).isEmpty();
        List<String> ids = document.select("[id]").eachAttr("id");
        assertThat(ids).doesNotHaveDuplicates();
        return document;
    }

    private static Map<String, String> facts(Element within) {
        Map<String, String> facts = new LinkedHashMap<>();
        within.select("dt")
                .forEach(dt -> facts.put(dt.text(), dt.nextElementSibling().text()));
        return facts;
    }

    private static long rectangles(Element trend, String status) {
        return trend.select("path." + status)
                .attr("d")
                .chars()
                .filter(c -> c == 'M')
                .count();
    }

    private static String hash(Element inline) throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(inline.data().getBytes(UTF_8));
        return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
    }
}
