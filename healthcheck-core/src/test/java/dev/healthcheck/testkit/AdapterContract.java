package dev.healthcheck.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import dev.healthcheck.CheckReport;
import dev.healthcheck.CheckResult;
import dev.healthcheck.HealthCheck;
import dev.healthcheck.HealthCheckRegistry;
import dev.healthcheck.Probe;
import dev.healthcheck.Registration;
import dev.healthcheck.Status;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The promises of every adapter, whatever it asks: it answers within its limit, leaves nothing behind, shows no secret,
 * and leaves the application's client as it was. Tested with a real server, through a network that breaks.
 */
@Timeout(120)
public abstract class AdapterContract {
    /** That of the registry. What hangs here does so for longer than a test is patient. */
    private static final Duration BUDGET = Duration.ofMillis(900);

    /**
     * The reasons that a check must report when a busy machine has used up the time of a run before the run came to the
     * fault. A later run has more luck.
     */
    private static final Set<String> TOO_LITTLE_TIME = Set.of("timeout", "pending");

    private final LiveThreads threads = new LiveThreads();
    private final List<HealthCheckRegistry> registries = new ArrayList<>();
    private TcpProxy network;
    private Application application;

    /** Where the real server listens, on the loopback interface. */
    protected abstract int serverPort();

    /** An application that knows the server at this port of the loopback interface, and works. */
    protected abstract Application application(int port) throws Exception;

    /** Returns the number of clients that the server has, without the one that asks it. */
    protected abstract int clients() throws Exception;

    /** Every reason that the adapter's documentation names. */
    protected abstract Set<String> reasons();

    /** Returns the texts that no answer and no log line may contain. */
    protected abstract Set<String> secrets();

    /** Closed after the test: its client. */
    public interface Application extends AutoCloseable {

        /** A new check. */
        HealthCheck check();

        /** Uses the client, as an application does. */
        void work() throws Exception;

        /** Fails if a check has left something in the client: a borrowed connection, a queued command. */
        void assertUnburdened();

        @Override
        void close();
    }

    /** Ways in which a network breaks. */
    public enum Fault {
        BLACK_HOLE,
        RESET,
        REFUSED;

        /** Breaks {@code network} in this way. */
        public void befall(TcpProxy network) throws IOException {
            switch (this) {
                case BLACK_HOLE -> network.freeze();
                case RESET -> network.reset();
                case REFUSED -> network.refuse();
            }
        }
    }

    @BeforeEach
    final void startApplication() throws Exception {
        network = TcpProxy.to(serverPort());
        application = application(network.port());
        application.work();
    }

    @AfterEach
    final void closeApplication() throws Exception {
        registries.forEach(HealthCheckRegistry::close);
        application.close();
        network.close();
        await("threads").until(() -> threads.since().isEmpty());
        await("clients").until(() -> clients() == 0);
    }

    @ParameterizedTest // R4a
    @EnumSource
    final void says_in_time_what_is_wrong_and_is_up_again_when_it_is_over(Fault fault) throws Exception {
        Registration check = registered();
        awaitUp(check);

        fault.befall(network);
        for (int i = 0; i < 4; i++) {
            namesTheFault(check);
        }
        network.heal();

        awaitUp(check);
        awaitWork();
    }

    @ParameterizedTest
    @EnumSource
    final void leaves_nothing_behind_however_many_ask_while_it_lasts(Fault fault) throws Exception {
        HealthCheckRegistry health = registry();
        Registration registration = health.register("dependency", application.check(), o -> o.cacheFor(Duration.ZERO));
        awaitUp(registration);
        int before = clients();

        fault.befall(network);
        for (int i = 0; i < 10; i++) {
            List<CompletableFuture<?>> questions = new ArrayList<>();
            for (int caller = 0; caller < 16; caller++) {
                questions.add(health.checkAsync(Probe.READINESS));
            }
            CompletableFuture.allOf(questions.toArray(CompletableFuture<?>[]::new))
                    .join();
        }
        assertThat(threads.since().size()).as("threads %s", threads.since()).isLessThan(10);
        network.heal();

        awaitUp(registration);
        awaitWork();
        await().untilAsserted(() -> assertThat(clients()).isLessThanOrEqualTo(before));
        await().untilAsserted(application::assertUnburdened);
    }

    @ParameterizedTest
    @EnumSource
    final void tells_no_secret(Fault fault) throws Exception {
        try (CapturedLog log = new CapturedLog()) {
            Registration registration = registered();
            awaitUp(registration);

            fault.befall(network);
            CheckReport report = namesTheFault(registration);

            assertThat(everythingSaidIn(report)).doesNotContain(secrets());
            awaitLine(log, report);
            assertThat(everythingSaidIn(log)).doesNotContain(secrets());
        }
    }

    /** Or the test above would prove nothing. */
    @Test
    final void a_secret_that_a_check_tells_is_found_in_its_report_and_in_the_log() {
        for (String secret : secrets()) {
            assertFound(secret, CheckResult.down("refused for " + secret));
            assertFound(secret, CheckResult.down(new IOException("refused", new IOException(secret))));
            CheckReport report = registry()
                    .register("indiscreet", () -> CheckResult.up().withDetail("url", secret))
                    .runNow();
            assertThat(everythingSaidIn(report)).contains(secret);
        }
    }

    private void assertFound(String secret, CheckResult result) {
        try (CapturedLog log = new CapturedLog()) {
            CheckReport report = registry().register("indiscreet", () -> result).runNow();
            assertThat(everythingSaidIn(report)).contains(secret);
            awaitLine(log, report);
            assertThat(everythingSaidIn(log)).contains(secret);
        }
    }

    private static void awaitLine(CapturedLog log, CheckReport report) {
        await().until(() ->
                log.messages().stream().anyMatch(line -> line.startsWith(report.name() + " is " + report.status())));
    }

    @ParameterizedTest
    @EnumSource
    final void a_check_that_is_closed_while_it_lasts_leaves_nothing_behind(Fault fault) throws Exception {
        int before = clients();
        HealthCheckRegistry health = registry();
        Registration registration = health.register("dependency", application.check());
        awaitUp(registration);

        fault.befall(network);
        CompletableFuture<?> question = health.checkAsync(Probe.READINESS);
        registration.close();
        question.join();
        health.close();
        network.heal();

        awaitWork();
        await().untilAsserted(() -> assertThat(clients()).isLessThanOrEqualTo(before));
        await().untilAsserted(application::assertUnburdened);
        await("threads").until(() -> threads.since().isEmpty());
    }

    @Test
    final void a_server_that_comes_late_is_waited_for() throws Exception {
        network.refuse();
        Registration check = registered();
        assertThat(inTime(check).status()).isNotEqualTo(Status.UP);

        network.heal();

        awaitUp(check);
    }

    @Test
    final void closing_ends_what_is_the_check_s_own_and_another_takes_over() throws Exception {
        int before = clients();
        for (int i = 0; i < 3; i++) {
            HealthCheckRegistry health = registry();
            awaitUp(health.register("dependency", application.check()));

            health.close();

            await().untilAsserted(() -> assertThat(clients()).isLessThanOrEqualTo(before));
            application.work();
        }
    }

    @Test // C7
    final void is_refused_in_liveness_because_a_restart_cures_nothing() {
        HealthCheckRegistry health = registry();
        HealthCheck check = application.check();
        assertThatThrownBy(() -> health.register("dependency", check, o -> o.probes(Probe.LIVENESS)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("allowInLiveness");
    }

    private Registration registered() {
        return registry().register("dependency", application.check(), o -> o.cacheFor(Duration.ZERO));
    }

    private HealthCheckRegistry registry() {
        HealthCheckRegistry registry = HealthCheckRegistry.create();
        registries.add(registry);
        return registry;
    }

    /** Fails if the check gives a reason that its documentation does not name, but for a lack of time. */
    private CheckReport namesTheFault(Registration check) {
        return await().atMost(Duration.ofSeconds(30))
                .pollDelay(Duration.ZERO)
                .until(
                        () -> {
                            CheckReport report = inTime(check);
                            assertThat(report.status()).isNotEqualTo(Status.UP);
                            assertThat(report.reason())
                                    .satisfiesAnyOf(
                                            given -> assertThat(given).isIn(reasons()),
                                            given -> assertThat(given).isIn(TOO_LITTLE_TIME));
                            return report;
                        },
                        report -> reasons().contains(report.reason()));
    }

    private static CheckReport inTime(Registration check) throws Exception {
        return Patience.assertAnsweredWithin(BUDGET, check::runNow);
    }

    private static void awaitUp(Registration registration) {
        await().atMost(Duration.ofSeconds(30)).until(() -> registration.runNow().status() == Status.UP);
    }

    /** Its client may take a while to see that the network is back. */
    private void awaitWork() {
        await().atMost(Duration.ofSeconds(30)).ignoreExceptions().untilAsserted(application::work);
    }

    private static String everythingSaidIn(CheckReport report) {
        var said = new StringWriter();
        said.append(report.reason()).append(report.message()).append(report.error());
        said.append(report.details().toString()).append(report.toString());
        if (report.cause() != null) {
            report.cause().printStackTrace(new PrintWriter(said));
        }
        return said.toString();
    }

    private static String everythingSaidIn(CapturedLog log) {
        var said = new StringBuilder();
        for (var line : log.lines) {
            said.append(line.getFormattedMessage()).append(line.getKeyValuePairs());
            said.append(ThrowableProxyUtil.asString(line.getThrowableProxy()));
        }
        return said.toString();
    }
}
