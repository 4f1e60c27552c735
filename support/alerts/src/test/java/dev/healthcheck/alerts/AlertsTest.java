package dev.healthcheck.alerts;

import static java.util.Comparator.comparing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.healthcheck.CheckResult;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The files of {@code examples/deploy/prometheus} at work, in a {@link FastCopy}: Prometheus watches the quick start and
 * eleven further instances. One Alertmanager is in working hours, another one is not. They send to {@link Sinks}.
 */
@Tag("prometheus")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class AlertsTest {
    private static final long START = System.nanoTime();
    private static final Deque<AutoCloseable> OPEN = new ArrayDeque<>();
    private static final AtomicReference<CheckResult> STOCK_DB = new AtomicReference<>(CheckResult.up());

    @TempDir
    private static Path folder;

    private static Sinks day;
    private static Sinks night;
    private static Program quickstart;
    private static Instance inMaintenance;
    private static Program prometheus;

    @BeforeAll
    static void start() throws Exception {
        day = opened(new Sinks(START));
        night = opened(new Sinks(START));
        quickstart = quickstart();
        inMaintenance = opened(
                new Instance("billing", true, () -> CheckResult.down("upgrade").withReason("maintenance")));
        Instance withoutCache = opened(
                new Instance("cache", false, () -> CheckResult.down("gone").withReason("disconnected")));
        List<String> stock = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            stock.add(opened(new Instance("stock-db", true, STOCK_DB::get)).address());
        }
        FastCopy files = new FastCopy(folder);
        List<String> alertmanagers = List.of(
                alertmanager("day", files.alertmanager("day", day, true)),
                alertmanager("night", files.alertmanager("night", night, false)));
        List<String> orders = List.of(quickstart.address(), inMaintenance.address(), withoutCache.address());
        prometheus = prometheus(files.prometheus(alertmanagers, orders, stock));
    }

    @AfterAll
    static void stop() throws Exception {
        try {
            print("Alertmanager in working hours sent", day);
            print("Alertmanager outside of working hours sent", night);
        } finally { // also if the start failed
            for (AutoCloseable resource : OPEN) {
                resource.close();
            }
        }
    }

    @Test
    @Order(1)
    void an_outage_is_told_with_check_and_reason_and_since_when_and_so_is_its_end() throws Exception {
        quickstart.post("/break/pg/stop");

        List<Message> outage = awaited(day, message -> message.isAbout("orders-db"), 2);
        assertThat(outage).extracting(Message::to).containsExactlyInAnyOrder("#on-call", "on-call@example.org");
        assertThat(outage).allSatisfy(message -> {
            assertThat(message.title()).isEqualTo("[critical] orders: orders-db unreachable");
            assertThat(message.text())
                    .contains(
                            "Required check orders-db of " + quickstart.address() + " (orders)", "reason: unreachable")
                    .containsPattern("DOWN since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC")
                    .contains("docs/operations.md#healthcheckdown", "docs/reasons.md#unreachable");
        });

        await().atMost(Duration.ofSeconds(60)).untilAsserted(AlertsTest::the_dashboard_shows_the_outage);

        quickstart.post("/break/pg/start");

        assertThat(awaited(day, message -> message.isResolution() && message.isAbout("orders-db"), 2))
                .extracting(Message::to)
                .containsExactlyInAnyOrder("#on-call", "on-call@example.org");
    }

    @Test
    @Order(2)
    void an_outage_of_a_shared_database_is_one_message_however_many_instances_report_it() throws Exception {
        STOCK_DB.set(CheckResult.down("gone").withReason("unreachable"));

        assertThat(awaited(day, message -> message.isAbout("stock-db"), 2))
                .extracting(Message::text)
                .allSatisfy(text ->
                        assertThat(text).containsPattern("stock-db is DOWN on [5-9] of 9 instances: unreachable"));

        STOCK_DB.set(CheckResult.up());

        awaited(day, message -> message.isResolution() && message.isAbout("stock-db"), 2);
        assertThat(day.messages())
                .filteredOn(message -> message.isAbout("stock-db"))
                .hasSize(4);
    }

    @Test
    @Order(3)
    void a_warning_waits_for_working_hours_and_what_is_critical_does_not() {
        assertThat(awaited(day, message -> message.isAbout("cache"), 2))
                .extracting(Message::to)
                .containsExactlyInAnyOrder("#orders", "orders-team@example.org");
        assertThat(awaited(night, message -> message.isResolution() && message.isAbout("stock-db"), 2))
                .hasSize(2);
        assertThat(night.messages())
                .extracting(Message::to)
                .containsOnly("#on-call", "on-call@example.org")
                .hasSize(8);
    }

    @Test
    @Order(4)
    void the_quick_start_has_the_meters_that_the_rules_about_the_application_read() throws Exception {
        quickstart.get("/");

        await().atMost(Duration.ofSeconds(60))
                .until(() -> isTrue("http_server_requests_seconds_count{job=\"orders\", status=\"200\"} > 0"));
        assertThat(isTrue("instance:jvm_heap_used:ratio{instance=\"" + quickstart.address() + "\"} > 0"))
                .isTrue();
    }

    @Test
    @Order(5)
    void maintenance_and_a_rollout_page_nobody_and_a_crash_does() throws Exception {
        quickstart.post("/break/drain");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> isTrue("health_draining{instance=\"" + quickstart.address() + "\"} == 1"));
        quickstart.close();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> isTrue("up{instance=\"" + quickstart.address() + "\"} == 0"));
        assertThat(isTrue("health_check_reason{check=\"billing\",reason=\"maintenance\"} == 1"))
                .isTrue();

        inMaintenance.close();

        assertThat(awaited(day, message -> message.isAbout(inMaintenance.address() + " does not answer"), 2))
                .extracting(Message::to)
                .containsExactlyInAnyOrder("#on-call", "on-call@example.org");
        assertThat(day.messages())
                .noneMatch(message -> message.isAbout(quickstart.address() + " does not answer"))
                .noneMatch(message -> message.isAbout("billing"));
        assertThat(prometheus.get("/api/v1/alerts"))
                .contains(inMaintenance.address())
                .doesNotContain(quickstart.address())
                .doesNotContain("billing");
    }

    /** Plays a prober, too: the mean time of the answers needs some in these seconds. */
    private static void the_dashboard_shows_the_outage() throws Exception {
        quickstart.get("/health/ready");

        Map<String, JsonNode> answers = new DashboardQueries(prometheus).answers();

        assertThat(answers).allSatisfy((query, series) -> assertThat(series).isNotEmpty());
        assertThat(answers.get("What is wrong A").toString()).contains("orders-db", "unreachable");
        assertThat(answers.get("On which instances A").toString()).contains(quickstart.address());
    }

    /** Waits until {@code count} messages of the kind have arrived, and returns those that have. */
    private static List<Message> awaited(Sinks sinks, Predicate<Message> which, int count) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> assertThat(sinks.messages()).filteredOn(which).hasSizeGreaterThanOrEqualTo(count));
        return sinks.messages().stream().filter(which).toList();
    }

    private static boolean isTrue(String query) throws IOException, InterruptedException {
        return prometheus
                .get("/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8))
                .contains("\"value\"");
    }

    private static Program quickstart() throws IOException {
        int port = Program.freePort();
        return opened(Program.start(
                folder.resolve("quickstart.log"),
                port,
                "/health/ready",
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.healthcheck.examples.quickstart.Main",
                        "--port",
                        "" + port)));
    }

    private static Program prometheus(Path config) throws IOException {
        int port = Program.freePort();
        return opened(Program.start(
                folder.resolve("prometheus.log"),
                port,
                "/-/ready",
                List.of(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("prometheus"),
                        "--web.listen-address=127.0.0.1:" + port)));
    }

    /** Returns the address. */
    private static String alertmanager(String name, Path config) throws IOException {
        int port = Program.freePort();
        return opened(Program.start(
                        folder.resolve(name + ".log"),
                        port,
                        "/-/ready",
                        List.of(
                                "prometheus-alertmanager",
                                "--config.file=" + config,
                                "--storage.path=" + folder.resolve(name),
                                "--cluster.listen-address=",
                                "--web.listen-address=127.0.0.1:" + port,
                                "--web.external-url=http://127.0.0.1:" + port)))
                .address();
    }

    private static <T extends AutoCloseable> T opened(T resource) {
        OPEN.push(resource);
        return resource;
    }

    private static void print(String heading, Sinks sinks) {
        System.out.println("\n" + heading);
        sinks.messages().stream().sorted(comparing(Message::at)).forEach(System.out::println);
    }
}
