package dev.healthcheck.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.MICROSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Registration;
import dev.healthcheck.testkit.TcpProxy;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The status page in a real browser. Leaves pictures of what it has seen in {@code target/screenshots}. */
@Tag("browser")
@Timeout(120)
class StatusPageTest {
    private static Chromium browser;
    private static String axe;

    private final AtomicReference<Instant> clock =
            new AtomicReference<>(Instant.now().minusSeconds(600));
    private final HealthCheckRegistry registry = HealthCheckRegistry.builder()
            .defaults(o -> o.cacheFor(ofMinutes(60)))
            .clock(clock::get)
            .build();
    private final AtomicReference<CheckResult> db = new AtomicReference<>(CheckResult.up());
    private final AtomicReference<CheckResult> cache = new AtomicReference<>(CheckResult.up());
    private final AtomicReference<CheckResult> pool = new AtomicReference<>(CheckResult.up());
    private final List<Registration> registrations = new ArrayList<>();
    private final Container container = new JettyEe10Container();
    private boolean details;
    private TcpProxy proxy;
    private String url;

    @BeforeAll
    static void launch() throws Exception {
        browser = new Chromium();
        String resource = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
        try (InputStream in = StatusPageTest.class.getResourceAsStream(resource)) {
            axe = new String(in.readAllBytes(), UTF_8);
        }
    }

    @AfterAll
    static void quit() throws Exception {
        browser.close();
    }

    @BeforeEach
    void start() throws Exception {
        register("orders-db", 1800, db, true);
        register("pool", 120, pool, true);
        register("cache", 600, cache, false);
        register("disk", 90, new AtomicReference<>(CheckResult.up()), true);
        register("search", 9000, new AtomicReference<>(CheckResult.up()), false);
        register("backlog", 40, new AtomicReference<>(CheckResult.up()), true);
        run(50);
        container.mount(
                HealthServlet.builder(registry)
                        .service("orders", "1.4.2")
                        .info("commit", "9f3c2ab")
                        .showDetailsTo(request -> details)
                        .build(),
                true,
                "/health/*",
                "/healthz");
        proxy = TcpProxy.to(container.start());
        url = "http://127.0.0.1:" + proxy.port() + "/health";
        browser.size(1280, 800);
        browser.prefers("light");
        browser.complaints.clear();
    }

    @AfterEach
    void stop() throws Exception {
        browser.scripts(true);
        browser.zone("");
        browser.open("about:blank");
        proxy.close();
        container.stop();
        registry.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void whatever_it_shows_it_is_accessible_and_nothing_is_refused(String scheme) throws Exception {
        browser.prefers(scheme);

        browser.open(url);
        assertSound("up-" + scheme);

        fail();
        browser.open(url);
        assertSound("down-" + scheme);

        details = true;
        browser.open(url + "/orders-db");
        assertSound("check-" + scheme);
        browser.open(url + "/nosuch");
        assertSound("problem-" + scheme);
        details = false;

        db.set(CheckResult.up());
        run(3);
        browser.open(url);
        assertSound("degraded-" + scheme);

        registry.drain();
        browser.open(url);
        assertSound("draining-" + scheme);
    }

    @Test
    void it_renews_itself_and_keeps_focus_and_place() throws Exception {
        browser.size(400, 500);
        browser.open(url);
        browser.eval("document.querySelector('#check-search a').focus()");
        browser.eval("scrollTo(0, 900)");
        String place = "document.querySelector('#check-search').getBoundingClientRect().top | 0";
        String before = browser.eval(place).asText();
        browser.eval("window.same = document.querySelector('h1 span')");

        fail();

        await().atMost(ofSeconds(20)).until(() -> title().startsWith("DOWN \u00b7 "));
        assertThat(browser.eval("document.querySelector('h1').innerText.trim()").asText())
                .isEqualTo("DOWN");
        assertThat(browser.eval("document.activeElement.textContent").asText()).isEqualTo("search");
        assertThat(browser.eval(place).asText()).isEqualTo(before);
        assertThat(browser.eval("scrollY").asInt()).isPositive();
        assertThat(browser.eval("same === document.querySelector('h1 span')").asBoolean())
                .as("a live region that was replaced is not read out")
                .isTrue();
        assertNoComplaints();
    }

    @Test
    void a_check_that_moves_up_takes_no_focus_from_another() throws Exception {
        browser.open(url);
        browser.eval("document.querySelector('#check-orders-db a').focus()");

        cache.set(CheckResult.down("gone").withReason("disconnected"));
        run(1);

        await().atMost(ofSeconds(20)).until(() -> browser.eval("document.querySelector('.checks > li').id")
                .asText()
                .equals("check-cache"));
        assertThat(browser.eval("[...document.querySelectorAll('.checks > li')].map(li => li.id)"))
                .extracting(JsonNode::asText)
                .containsExactly(
                        "check-cache", "check-orders-db", "check-pool", "check-disk", "check-search", "check-backlog");
        assertThat(browser.eval("document.activeElement.textContent").asText()).isEqualTo("orders-db");
        assertNoComplaints();
    }

    @Test
    void what_is_wrong_among_many_is_seen_without_scrolling() throws Exception {
        for (int i = 0; i < 27; i++) {
            register("service-" + i, 200, i == 13 ? cache : new AtomicReference<>(CheckResult.up()), true);
        }
        run(5);
        cache.set(CheckResult.down("gone").withReason("refused"));
        run(2);

        for (int[] size : new int[][] {{1280, 900}, {390, 844}, {1920, 1080}}) {
            browser.size(size[0], size[1]);
            browser.open(url);
            assertSound("many-" + size[0]);
            assertThat(browser.eval("[...document.querySelectorAll('.wrong a')]"
                            + ".filter(a => a.getBoundingClientRect().bottom < innerHeight).map(a => a.textContent)"))
                    .extracting(JsonNode::asText)
                    .containsExactly("cache", "service-13");
        }
        browser.size(390, 844);
        browser.open(url);
        assertThat(browser.eval(
                                "Math.max(...[...document.querySelectorAll('.checks > .up')].map(li => li.offsetHeight))")
                        .asInt())
                .as("a healthy check has one line on a phone")
                .isBetween(20, 50);
    }

    @Test
    void a_head_that_names_many_is_readable_on_a_phone() throws Exception {
        for (int i = 0; i < 27; i++) {
            register("service-" + i, 200, i < 20 ? cache : new AtomicReference<>(CheckResult.up()), true);
        }
        cache.set(CheckResult.down("gone").withReason("refused"));
        run(1);

        for (int width : new int[] {390, 1280}) {
            browser.size(width, 844);
            browser.open(url);
            assertSound("most-down-" + width);
            assertThat(browser.eval("document.querySelector('header').getBoundingClientRect().bottom < innerHeight")
                            .asBoolean())
                    .isTrue();
        }
    }

    @Test
    void times_have_those_of_the_browser_s_zone_beside_them() throws Exception {
        browser.zone("Asia/Tokyo");
        browser.open(url);

        ZonedDateTime tokyo = clock.get().atZone(ZoneId.of("Asia/Tokyo"));
        assertThat(browser.eval("document.querySelector('#as-of').innerText").asText())
                .contains(" UTC (")
                .contains(DateTimeFormatter.ofPattern("HH:mm:ss").format(tokyo) + " in Asia/Tokyo)");
        assertThat(browser.eval("[...document.querySelectorAll('main ul.checks time')].map(t => t.innerText)"))
                .extracting(JsonNode::asText)
                .isNotEmpty()
                .allMatch(time -> time.matches("\\S.*\\d\\d \\([^()]*\\d\\d:\\d\\d:\\d\\d\\)"));
        assertSound("zone");
    }

    @Test
    void a_server_that_is_gone_is_told_and_so_is_its_return() throws Exception {
        browser.open(url);
        assertThat(stale()).isFalse();

        proxy.refuse();

        await().atMost(ofSeconds(20)).until(StatusPageTest::stale);
        assertThat(browser.eval("document.querySelector('#gone').innerText").asText())
                .startsWith("The server does not answer.")
                .containsPattern("What you see is \\d+\\u00a0s old\\.");
        assertThat(title()).startsWith("? UP");
        assertAccessible("gone");
        browser.screenshot(screenshot("gone"));
        browser.prefers("dark");
        assertAccessible("gone, dark");

        proxy.heal();

        await().atMost(ofSeconds(20)).until(() -> !stale());
        assertThat(saysGone()).isFalse();
        assertThat(title()).startsWith("UP");
    }

    @Test
    void a_server_that_hangs_is_told() throws Exception {
        browser.open(url);

        proxy.freeze();

        await().atMost(ofSeconds(40)).until(StatusPageTest::saysGone);
        proxy.heal();
        await().atMost(ofSeconds(40)).until(() -> !stale());
    }

    @Test
    void a_page_of_somebody_else_is_no_answer() throws Exception {
        browser.open(url);

        browser.eval("fetch = async () => new Response('<main>Bad gateway</main>', { status: 502 })");

        await().atMost(ofSeconds(20)).until(StatusPageTest::stale);
        assertThat(browser.eval("document.querySelector('h1').innerText.trim()").asText())
                .isEqualTo("UP");
    }

    @Test
    void whatever_an_answer_looks_like_the_page_asks_again_and_grows_old() throws Exception {
        browser.open(url);
        browser.eval("window.ask = fetch; window.asked = 0; window.odd = [[null, { status: 204 }], ['{}'], [''],"
                + " ['<main id=health class=up><h1>other version</h1></main>'], ['<form id=health data-version=1></form>']];"
                + " fetch = async () => new Response(...odd[asked++ % odd.length])");

        await().atMost(ofSeconds(60)).until(() -> browser.eval("asked").asInt() > 5);

        assertThat(stale()).isTrue();
        assertThat(saysGone()).isTrue();
        browser.eval("fetch = ask");
        await().atMost(ofSeconds(20)).until(() -> !stale());
        assertNoComplaints();
    }

    @Test
    void an_answer_without_age_does_not_end_the_page() throws Exception {
        browser.open(url);
        browser.eval(
                "window.ask = fetch; window.asked = 0; const version = document.querySelector('main').dataset.version;"
                        + " fetch = async () => (asked++, new Response(`<main id=health data-version='${version}'></main>`))");

        await().atMost(ofSeconds(30)).until(() -> browser.eval("asked").asInt() > 1);

        browser.eval("fetch = ask");
        await().atMost(ofSeconds(20))
                .until(() -> browser.eval("!!document.querySelector('h1')").asBoolean());
        assertNoComplaints();
    }

    @Test
    void a_page_whose_script_is_not_that_of_the_server_reloads_but_not_for_ever() throws Exception {
        String upgrade =
                "window.old = true; window.asked = 0; { const ask = fetch; fetch = async (...all) => { asked++;"
                        + " const text = await (await ask(...all)).text();"
                        + " return new Response(text.replace(/data-version=\"[^\"]*/, 'data-version=\"other')) } }; 0";
        browser.open(url);
        browser.eval(upgrade);

        await().atMost(ofSeconds(20))
                .until(() -> !browser.eval("window.old === true").asBoolean());

        await().atMost(ofSeconds(20))
                .until(() -> browser.eval("document.readyState").asText().equals("complete"));
        browser.eval(upgrade);
        await().atMost(ofSeconds(30))
                .until(() -> browser.eval("window.asked ?? -1").asInt() != 0
                        && browser.eval("window.asked ?? -1").asInt() != 1);
        assertThat(browser.eval("window.old === true").asBoolean()).isTrue();
        assertThat(stale()).isFalse();
        browser.eval("sessionStorage.clear()");
    }

    @Test
    void nobody_asks_for_a_page_that_nobody_sees_and_its_title_does_not_stay_green() throws Exception {
        browser.open(url);

        browser.eval("const ask = fetch; let asked = 0; fetch = (...all) => { asked++; return ask(...all) }");
        browser.eval("Object.defineProperty(document, 'hidden', { value: true, writable: true })");

        await().atMost(ofSeconds(60)).until(() -> title().equals("? UP \u00b7 orders"));
        assertThat(browser.eval("asked").asInt()).isZero();
        browser.eval("document.hidden = false; document.dispatchEvent(new Event('visibilitychange'))");
        await().atMost(ofSeconds(20)).until(() -> title().startsWith("UP"));
    }

    @Test
    void what_was_opened_stays_open() throws Exception {
        details = true;
        CountDownLatch gate = new CountDownLatch(1);
        registry.register(
                "stuck",
                () -> gate.await(100, SECONDS) ? CheckResult.up() : null,
                o -> o.timeout(ofMillis(50)).cacheFor(Duration.ZERO).interruptOnTimeout(false));
        registry.check();
        await().until(() -> "stuck".equals(registry.check("stuck").orElseThrow().reason()));
        browser.open(url);
        browser.eval("document.querySelector('details').open = true");
        browser.eval("document.querySelector('h1').title = 'to be taken away'");

        await().atMost(ofSeconds(20)).until(() -> browser.eval("document.querySelector('h1').title")
                .asText()
                .isEmpty());

        assertThat(browser.eval("document.querySelector('details').open").asBoolean())
                .isTrue();
        gate.countDown();
    }

    @Test
    void what_is_there_without_the_script_is_loaded_anew() throws Exception {
        browser.scripts(false);
        browser.open(url);

        fail();

        await().atMost(ofSeconds(30)).until(() -> title().startsWith("DOWN"));
    }

    @Test
    void it_fits_the_smallest_phone_whatever_is_in_it() throws Exception {
        details = true;
        db.set(CheckResult.down("jdbc:" + "x".repeat(900) + " \u05d0\u05d1<script>alert(1)</script>")
                .withReason("a-reason-that-is-as-long-as-it-may-be-40")
                .withDetail("k".repeat(300), "v".repeat(900))
                .withCause(new IllegalStateException("y".repeat(900))));
        register("a".repeat(64), 100, new AtomicReference<>(CheckResult.up()), true);
        run(2);
        browser.size(320, 700);

        for (String page : List.of("", "/orders-db", "/" + "a".repeat(64))) {
            browser.open(url + page);
            assertThat(browser.eval("document.documentElement.scrollWidth > document.documentElement.clientWidth")
                            .asBoolean())
                    .as(page)
                    .isFalse();
            assertSound("hostile" + (page.length() > 20 ? "-name" : page.replace('/', '-')));
        }
    }

    @Test
    void it_fits_a_phone_and_a_wall() throws Exception {
        fail();
        browser.size(320, 800);
        browser.open(url);
        assertSound("phone");
        browser.size(2560, 1440);
        browser.open(url);
        assertSound("wall");
    }

    private void register(String name, int micros, AtomicReference<CheckResult> result, boolean required) {
        registrations.add(registry.register(
                name,
                () -> {
                    takeSome(micros);
                    return result.get();
                },
                o -> required ? o.required() : o.optional()));
    }

    private static void takeSome(int micros) throws InterruptedException {
        boolean unused =
                new CountDownLatch(1).await(micros + ThreadLocalRandom.current().nextInt(micros), MICROSECONDS);
    }

    private void run(int times) {
        for (int i = 0; i < times; i++) {
            clock.updateAndGet(now -> now.plus(Duration.ofSeconds(7)));
            registrations.forEach(Registration::runNow);
        }
    }

    private void fail() {
        db.set(CheckResult.down("Connection to db-17.internal:5432 refused")
                .withReason("unreachable")
                .withDetail("pool", "10 of 10 in use")
                .withDetail("waiting", 3)
                .withCause(new IllegalStateException("no connection within 700 ms")));
        cache.set(CheckResult.down("gone").withReason("disconnected"));
        pool.set(CheckResult.degraded("all in use").withReason("pool-exhausted"));
        run(4);
    }

    private void assertSound(String name) throws Exception {
        browser.screenshot(screenshot(name));
        assertNoComplaints();
        assertAccessible(name);
    }

    private static void assertAccessible(String name) throws Exception {
        browser.eval(axe + ";0");
        JsonNode violations = browser.eval("axe.run().then(all => all.violations.map(one => one.id + ': '"
                + " + one.nodes.map(node => node.html + ' ' + node.failureSummary).join('; ')))");
        assertThat(violations).as(name).isEmpty();
        browser.complaints.clear(); // of the tool
    }

    /** But for what it says of every answer that is not 200, which 503 and 404 are on purpose. */
    private static void assertNoComplaints() {
        assertThat(browser.complaints)
                .filteredOn(complaint -> !complaint.contains("the server responded with a status of"))
                .isEmpty();
    }

    private static boolean saysGone() throws Exception {
        return browser.eval("!document.querySelector('#gone').hidden").asBoolean();
    }

    private static boolean stale() throws Exception {
        return browser.eval("document.documentElement.classList.contains('stale')")
                .asBoolean();
    }

    private static String title() throws Exception {
        JsonNode document = browser.ask("Runtime.evaluate", "expression", "document.title");
        return document.at("/result/value").asText();
    }

    private static Path screenshot(String name) {
        return Path.of("target", "screenshots", name + ".png");
    }
}
