package dev.healthcheck.spring;

import static dev.healthcheck.testkit.Patience.assertAnsweredWithin;
import static dev.healthcheck.testkit.Patience.assertOnceWithin;
import static org.assertj.core.api.Assertions.assertThat;

import dev.healthcheck.testkit.Patience;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.health.registry.ReactiveHealthContributorRegistry;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Requests to a server while indicators of its application hang. The server has twenty threads for requests at most. */
@TestInstance(Lifecycle.PER_CLASS) // one server for all tests
abstract class HangOverHttpContract {
    private static final Duration BUDGET = Duration.ofMillis(900);
    /** The longest time for which a test waits for an answer: plain Actuator gives none. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration AT_ONCE = Duration.ofMillis(50);

    private final List<HangingIndicator> hanging = new ArrayList<>();
    private final ExecutorService callbacks = Executors.newFixedThreadPool(2);
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(callbacks)
            .build();
    private ConfigurableApplicationContext context;

    /** Returns what makes the server, and the application for it. */
    abstract Class<?> application();

    abstract WebApplicationType type();

    @BeforeAll
    void start() {
        context = new SpringApplicationBuilder(application())
                .web(type())
                .initializers(beans -> registerIndicators((GenericApplicationContext) beans))
                .properties(
                        "server.port=0",
                        "server.tomcat.threads.max=20",
                        "server.tomcat.threads.min-spare=20",
                        "spring.main.banner-mode=off",
                        "management.endpoint.health.probes.add-additional-paths=true",
                        "management.endpoint.health.show-details=always",
                        "healthcheck.validate-names=false",
                        "healthcheck.warm-up-at-most=0s",
                        "healthcheck.checks.scheduled.every=20s",
                        "healthcheck.checks.scheduled.timeout=15s",
                        group("cached", fifteen("cached")),
                        group("uncached", fifteen("uncached")),
                        group("alone", Stream.of("counted")),
                        "healthcheck.checks.counted.cache-for=0s",
                        group("blocking", Stream.of("cached0", "well0")),
                        group("reactive", Stream.of("never", "well0")))
                .properties(ten("uncached")
                        .map(check -> "healthcheck.checks." + check + ".cache-for=0s")
                        .toArray(String[]::new))
                .run();
    }

    private static String group(String name, Stream<String> members) {
        return "management.endpoint.health.group." + name + ".include=" + String.join(",", members.toList());
    }

    private static Stream<String> fifteen(String kind) {
        return Stream.concat(ten(kind), IntStream.range(0, 5).mapToObj(i -> "well" + i));
    }

    private static Stream<String> ten(String kind) {
        return IntStream.range(0, 10).mapToObj(i -> kind + i);
    }

    private void registerIndicators(GenericApplicationContext beans) {
        Stream.of("cached", "uncached")
                .flatMap(HangOverHttpContract::ten)
                .forEach(name -> beans.registerBean(name, HangingIndicator.class, this::hanging));
        beans.registerBean("counted", Switch.class, Switch::new);
        IntStream.range(0, 5).forEach(i -> beans.registerBean("well" + i, Switch.class, Switch::new));
    }

    private HangingIndicator hanging() {
        HangingIndicator indicator = new HangingIndicator();
        hanging.add(indicator);
        return indicator;
    }

    @AfterAll
    void stop() {
        hanging.forEach(indicator -> indicator.hang.release());
        context.close();
        callbacks.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/cached", "/uncached"})
    void ten_that_hang_cost_one_answer_budget_and_then_nothing(String group) throws Exception {
        HttpResponse<String> first = assertAnsweredWithin(BUDGET, () -> get("/actuator/health" + group));

        assertThat(first.statusCode()).isEqualTo(503);
        assertOnceWithin(
                AT_ONCE,
                () -> assertThat(get("/actuator/health" + group).statusCode()).isEqualTo(503));
    }

    /** Ten answer budgets would be 9 s. */
    @Test
    void ten_that_hang_in_their_first_scheduled_run_share_one_answer_budget() throws Exception {
        scheduled(() -> {
            for (int i = 0; i < 2; i++) {
                HttpResponse<String> answer = assertAnsweredWithin(BUDGET, () -> get("/actuator/health/scheduled"));

                assertThat(answer.statusCode()).isEqualTo(503);
            }
        });
    }

    /** In WebFlux Spring has ten threads a processor for what blocks. For 18 answers these would take some 8 s. */
    @Test
    void answers_that_wait_take_nothing_from_each_other_nor_from_work() throws Exception {
        scheduled(() -> assertAnsweredWithin(BUDGET, () -> {
            List<CompletableFuture<HttpResponse<String>>> waiting = probe("scheduled", 18);

            assertOnceWithin(
                    AT_ONCE, () -> assertThat(get("/livez").statusCode()).isEqualTo(200));
            assertOnceWithin(
                    AT_ONCE, () -> assertThat(get("/work").statusCode()).isEqualTo(200));
            return waiting.stream().map(CompletableFuture::join).toList();
        }));
    }

    /** Runs a test while there are ten more indicators, which hang. */
    private void scheduled(Patience.Attempt test) throws Exception {
        HealthContributorRegistry contributors = context.getBean(HealthContributorRegistry.class);
        contributors.registerContributor(
                "scheduled",
                CompositeHealthContributor.fromMap(
                        ten("").collect(Collectors.toMap(name -> "number" + name, name -> hanging()))));
        try {
            test.run();
        } finally {
            contributors.unregisterContributor("scheduled");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"blocking", "reactive"})
    void two_hundred_probes_of_one_that_hangs_take_no_threads_from_work(String group) throws Exception {
        probe(group, 40).forEach(CompletableFuture::join); // for the threads that a server always has
        long before = threadsOfOthers();

        List<CompletableFuture<HttpResponse<String>>> probes = probe(group, 200);
        HttpResponse<String> work = assertAnsweredWithin(BUDGET, () -> get("/work"));

        assertThat(work.statusCode()).isEqualTo(200);
        assertThat(probes)
                .allSatisfy(probe -> assertThat(probe.join().statusCode()).isEqualTo(503));
        assertThat(threadsOfOthers()).isLessThanOrEqualTo(before + 10);
    }

    /** Without those of the registry, which runs again after a minute what hangs. */
    private static long threadsOfOthers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.getName().startsWith("healthcheck-"))
                .count();
    }

    private List<CompletableFuture<HttpResponse<String>>> probe(String path, int times) {
        return Stream.generate(() -> ask("/actuator/health/" + path))
                .limit(times)
                .toList();
    }

    @Test
    void an_indicator_that_is_not_cached_runs_once_for_an_answer() {
        Switch counted = context.getBean("counted", Switch.class);
        int before = counted.runs.get();

        for (int i = 0; i < 5; i++) {
            assertThat(get("/actuator/health/alone").statusCode()).isEqualTo(200);
        }

        assertThat(counted.runs).hasValue(before + 5);
    }

    @Test
    void contributors_may_come_late_and_go() throws Exception {
        HealthContributorRegistry contributors = context.getBean(HealthContributorRegistry.class);
        ReactiveHealthContributorRegistry reactive = context.getBean(ReactiveHealthContributorRegistry.class);
        HealthIndicator late = () -> Health.up().build();
        ReactiveHealthIndicator later = () -> Mono.just(Health.down().build());

        contributors.registerContributor("late", late);
        reactive.registerContributor("later", later);
        assertThat(get("/actuator/health/late").statusCode()).isEqualTo(200);
        assertThat(get("/actuator/health/later").statusCode()).isEqualTo(503);

        contributors.unregisterContributor("late");
        reactive.unregisterContributor("later");
        assertThat(get("/actuator/health/late").statusCode()).isEqualTo(404);
        assertThat(get("/actuator/health/later").statusCode()).isEqualTo(404);
    }

    private HttpResponse<String> get(String path) {
        return ask(path).join();
    }

    private CompletableFuture<HttpResponse<String>> ask(String path) {
        String port = context.getEnvironment().getProperty("local.server.port");
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        return client.sendAsync(HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), BodyHandlers.ofString());
    }

    @RestController
    @EnableAutoConfiguration
    static class Application {

        @GetMapping("/work")
        String work() {
            return "done";
        }

        @Bean
        ReactiveHealthIndicator never() {
            return Mono::never;
        }
    }
}
