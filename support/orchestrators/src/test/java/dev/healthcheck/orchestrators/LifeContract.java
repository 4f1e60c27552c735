package dev.healthcheck.orchestrators;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.healthcheck.testkit.Faults;
import dev.healthcheck.testkit.Patience;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What Kubernetes does with the service by the manifests of {@code examples/deploy}. Three kubelets watch it: by HTTP at the
 * port of the service, by HTTP at the port of its own for health, and by {@code exec}. Their periods, timeouts and thresholds
 * are those of the manifests. The tests spend their time waiting, so they run at the same time.
 */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(300)
abstract class LifeContract {
    /** The readiness probes ask every 5 s, and two failures take the container out. */
    private static final Duration OUT = ofSeconds(5 * 2 + 1);
    /** Longer than three failures of the liveness probe by HTTP, one each 10 s. */
    private static final Duration HANG = ofSeconds(35);

    private static final Duration GRACE = ofSeconds(40);

    /** Starts the service, which has an empty database. */
    abstract OrdersService start() throws Exception;

    @Test
    void a_hang_of_the_database_takes_the_service_out_and_restarts_nothing() throws Exception {
        try (OrdersService service = start();
                Kubelets kubelets = Kubelets.of(service)) {
            kubelets.awaitReady(ofSeconds(30));

            List<Duration> hung = kubelets.now();
            service.freezeDatabase();
            kubelets.awaitOut(OUT);
            List<Duration> out = kubelets.sinceChange(hung);
            kubelets.awaitAge(hung, HANG);

            List<Duration> healed = kubelets.now();
            service.healDatabase();
            kubelets.awaitReady(ofSeconds(6));
            print("out of the service after a hang", out);
            print("back in the service", kubelets.sinceChange(healed));
            kubelets.printTimeouts();

            assertThat(kubelets.restarts()).isZero();
            assertThat(kubelets.answers(Kubelet.LIVENESS)).noneMatch(output -> output.contains("503"));
        }
    }

    /**
     * The fault would make each of them too late; a busy machine delays some. The first answers of a new JVM may be late, so
     * there are several.
     */
    @Test
    void a_hang_is_answered_before_a_kubelet_gives_up() throws Exception {
        Duration timeout = ofSeconds(1);
        List<Duration> took = new ArrayList<>();
        try (OrdersService service = start()) {
            for (int i = 0;
                    i < 20 && (i < 5 || took.stream().noneMatch(answer -> answer.compareTo(timeout) < 0));
                    i++) {
                awaitStatus(200, () -> service.address(OrdersService.PORT));
                service.freezeDatabase();
                Prober.Answer answer =
                        firstFailure(service, i % 2 == 0 ? OrdersService.PORT : OrdersService.HEALTH_PORT);
                took.add(answer.took());
                service.healDatabase();
            }
        }
        print("time of the answer to a hang", took);
        assertThat(took).anyMatch(answer -> answer.compareTo(timeout) < 0);
    }

    /** A busy machine may delay a kubelet by more than the second that the drain allows, so there are three attempts. */
    @Test
    void a_stop_loses_no_request_and_ends_with_143() throws Exception {
        Stop stop = stop();
        for (int i = 1; i < 3 && !stop.isClean(); i++) {
            stop = stop();
        }
        assertThat(stop.failures).isEmpty();
        assertThat(stop.out).allMatch(after -> after.compareTo(OUT) <= 0);
    }

    /**
     * What users and kubelets saw of one stop.
     *
     * @param out when each of the kubelets by HTTP took the service out. That by {@code exec} may be later by the start of a
     *     JVM, so no user of this test goes by it
     */
    private record Stop(List<String> failures, List<Duration> out) {
        boolean isClean() {
            return failures.isEmpty() && out.stream().allMatch(after -> after.compareTo(OUT) <= 0);
        }
    }

    private Stop stop() throws Exception {
        try (OrdersService service = start();
                Kubelets kubelets = Kubelets.of(service)) {
            kubelets.awaitReady(ofSeconds(30));

            List<Duration> stopped = kubelets.now();
            long begin = System.nanoTime();
            kubelets.delete();
            service.terminate();
            List<String> failures = askWhile(kubelets::anyReadyByHttp, service.address(OrdersService.PORT));
            List<Duration> out = kubelets.sinceChange(stopped).subList(0, 2);
            int exitCode = service.awaitExit(GRACE);

            print("out of the service after SIGTERM", out);
            print("exit code " + exitCode, List.of(Duration.ofNanos(System.nanoTime() - begin)));
            assertThat(exitCode).isEqualTo(143);
            assertThat(kubelets.restarts()).isZero();
            return new Stop(failures, out);
        }
    }

    private static List<String> askWhile(Callable<Boolean> inService, URI service) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(service.resolve("/orders"))
                .timeout(ofSeconds(10))
                .build();
        List<String> failures = new ArrayList<>();
        int asked = 0;
        for (; inService.call(); asked++) {
            try {
                int status = client.send(request, HttpResponse.BodyHandlers.ofString())
                        .statusCode();
                if (status != 200) {
                    failures.add("status " + status);
                }
            } catch (IOException e) {
                failures.add(e.toString());
            }
            Faults.takeTime(ofMillis(10)); // the pace of users
        }
        System.out.println(asked + " requests, failed: " + failures);
        return failures;
    }

    /** A result may be reused for a second. */
    private static Prober.Answer firstFailure(OrdersService service, int port) {
        var prober = new HttpProber(service.address(port).resolve("/health/ready"));
        Prober.Answer answer = prober.ask(ofSeconds(30));
        while (answer.success()) {
            answer = prober.ask(ofSeconds(30));
        }
        return answer;
    }

    private static void awaitStatus(int status, Callable<URI> service) {
        await().atMost(Patience.patiently(ofSeconds(30)))
                .pollInterval(ofMillis(100))
                .until(() -> new HttpProber(service.call().resolve("/health/ready"))
                        .ask(ofSeconds(30))
                        .output()
                        .startsWith("" + status));
    }

    private void print(String what, List<Duration> times) {
        System.out.println(getClass().getSimpleName() + ", " + what + ": "
                + String.join(
                        ", ",
                        times.stream()
                                .map(time -> "%.2f s".formatted(time.toMillis() / 1000.0))
                                .toList()));
    }
}
